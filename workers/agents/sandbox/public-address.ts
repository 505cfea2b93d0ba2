import { BlockList, isIPv4 } from 'node:net';

/** Networks that are nobody's public address (IANA's registries of special purpose addresses, and multicast). */
const special = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(network, bits, 'ipv4');
}

/** Everything that is given out as global unicast, but for what carries an IPv4 address or is set aside in it. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
const setAside = new BlockList();
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  setAside.addSubnet(network, bits, 'ipv6');
}

/** Whether an IP address is one of the public internet: not this machine, not its networks, no cloud's metadata. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4');
  return global.check(address, 'ipv6') && !setAside.check(address, 'ipv6');
}
