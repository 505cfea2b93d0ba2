import type { Files } from './files.ts';

/** Longest directory of a Unix socket: macOS allows paths of 103 bytes, Linux 107; "/.s.PGSQL.65535" takes 15. */
const longestSocketDirectory = 103 - 15;

/**
 * Settings of a small server on this machine only: safe against power loss, little memory.
 * @param overrides tests give up safety for speed with them
 */
export function serverSettings(files: Files, port: number, overrides: Readonly<Record<string, string>>): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: socketDirectory(files.sockets),
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: '64MB',
    fsync: 'on',
    synchronous_commit: 'on',
    // Queries here are short: compiling them costs more than it saves, and tens of MB.
    jit: 'off',
    // After a crash: one call for the file system instead of one for each of 1000 files, which took 3 s here.
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
    // A client whose machine is gone, or that is stuck, must not hold locks: gone is seen within 4 s.
    tcp_keepalives_idle: '2',
    tcp_keepalives_interval: '1',
    tcp_keepalives_count: '2',
    idle_in_transaction_session_timeout: '60s',
    timezone: 'UTC',
    // Our own process keeps the log in bounds, and looks in it for the untranslated line that says ready.
    log_destination: 'stderr',
    logging_collector: 'off',
    lc_messages: 'C',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    ...overrides,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Nobody needs the socket but a person with psql, so a path that can't be one (too long, or read as a list) means none. */
function socketDirectory(path: string): string {
  const isPlain = /^[\w/.+@-]+$/.test(path);
  return isPlain && Buffer.byteLength(path) <= longestSocketDirectory ? path : '';
}
