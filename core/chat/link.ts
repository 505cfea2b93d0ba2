/** Makes a path of Commander's own pages a link; `undefined` when Commander has no address for people. */
export type LinkTo = (href: string) => string | undefined;

/** Links lead to Commander's own pages or to what the card gives as an absolute address, which can not hold a platform's markup. */
export function linkWith(address: string | undefined): LinkTo {
  return (href) => {
    if (href.startsWith('/')) return address === undefined ? undefined : `${address}${href}`;
    return /^https?:\/\/[^\s<>|()]+$/.test(href) ? href : undefined;
  };
}
