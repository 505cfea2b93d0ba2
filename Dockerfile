# Commander with everything it needs but a database: set DATABASE_URL (see deploy/compose.yaml).
FROM node:24.11-bookworm-slim

RUN apt-get update \
 && apt-get install --yes --no-install-recommends git openssh-client ca-certificates tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 commander \
 && install --directory --owner=commander --group=commander /data

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY core core
COPY db db
COPY workers workers
COPY adapters adapters
COPY bot bot

USER commander
# Within a container the port is reached from outside it: put a proxy with a login in front (docs/operations.md).
ENV COMMANDER_HOME=/data COMMANDER_LISTEN=0.0.0.0 PORT=8300 NODE_ENV=production
VOLUME /data
EXPOSE 8300
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8300/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "bot/main.ts"]
