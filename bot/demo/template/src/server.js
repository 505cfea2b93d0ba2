import { createServer } from 'node:http';
import { answer } from './answer.js';

const server = createServer((request, response) => {
  const { status, body } = answer(request.url);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(Number(process.env.PORT ?? 8080), 'localhost');
