import { Client, Events, GatewayIntentBits, MessageFlags } from 'discord.js';
import pg from 'pg';

// The floor of `discord.ts`, as a process of its own: a bot that only answers, or stores one row and answers.
const { DISCORD_TOKEN, DISCORD_API_URL, DATABASE_URL } = process.env;

const pool = DATABASE_URL === undefined ? undefined : new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool?.query('create table if not exists bench_floor (id text primary key, body jsonb not null)');

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
  rest: { api: DISCORD_API_URL, version: '10' },
});
client.on(Events.InteractionCreate, async (interaction) => {
  if (!interaction.isChatInputCommand()) return;
  const body = JSON.stringify({ command: interaction.commandName, channel: interaction.channelId });
  await pool?.query({ name: 'keep', text: 'insert into bench_floor values ($1, $2)', values: [interaction.id, body] });
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
});
client.once(Events.ClientReady, async (ready) => {
  await ready.application.commands.set([{ name: 'help', description: 'Help' }]);
  process.send?.('ready');
});
await client.login(DISCORD_TOKEN);
