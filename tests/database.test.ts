import pg from 'pg';
import { expect, test } from 'vitest';
import { connectOnce } from '#db/embedded/cluster.ts';
import { testDatabase } from './database.ts';

test('Each test database has the tables, nothing in them, and is its own', async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
  try {
    await connectOnce(one.url, 'select 1 / (case when exists (select from commander.projects) then 0 else 1 end)');
    await connectOnce(one.url, 'create table here (id int)');
    await connectOnce(one.url, 'select * from here');
    await expect(connectOnce(other.url, 'select * from here')).rejects.toMatchObject({ code: '42P01' });
  } finally {
    await Promise.all([one.drop(), other.drop()]);
  }
});

test('A dropped test database is gone, although someone is connected', async () => {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.url });
  const errors: unknown[] = [];
  client.on('error', (error) => errors.push(error));
  const end = new Promise<void>((resolve) => client.once('end', resolve));
  await client.connect();
  await database.drop();
  await end;
  expect(errors).toContainEqual(expect.objectContaining({ code: '57P01' }));
  await expect(connectOnce(database.url)).rejects.toMatchObject({ code: '3D000' });
});
