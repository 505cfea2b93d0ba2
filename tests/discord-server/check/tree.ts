type Json = Readonly<Record<string, unknown>>;

/** A component and all that it holds. */
export function* everyComponent(components: readonly Json[]): Generator<Json> {
  for (const component of components) {
    yield component;
    yield* everyComponent((component.components as readonly Json[] | undefined) ?? []);
    for (const inner of [component.accessory, component.component])
      if (inner != null) yield* everyComponent([inner as Json]);
  }
}

/** Names of uploads that components show. */
export function shownFiles(components: readonly Json[]): ReadonlySet<string> {
  const urls = [...everyComponent(components)].flatMap((component) => [
    (component.file as Json | undefined)?.url,
    (component.media as Json | undefined)?.url,
    ...((component.items as readonly Json[] | undefined) ?? []).map((item) => (item.media as Json | undefined)?.url),
  ]);
  return new Set(urls.flatMap((url) => /^attachment:\/\/(.+)$/.exec(String(url))?.[1] ?? []));
}
