# Commander with everything it needs but a database: set DATABASE_URL (see deploy/compose.yaml). The Node of package-lock.json.
FROM node:24.21-bookworm-slim

# git does the work, ssh fetches from remotes, tini reaps what ends; bubblewrap walls coding agents in where the container may
# make user namespaces (`npm run doctor` says whether). setpriv and unshare are in the base image (util-linux).
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git openssh-client tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 --shell /usr/sbin/nologin commander \
 && install --directory --owner=commander --group=commander /data

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY core core
COPY db db
COPY workers workers
COPY adapters adapters
COPY bot bot

# By number, so that Kubernetes can tell that it is not root.
USER 10001
# Within a container the port is reached from outside it: put a proxy with a login in front (docs/operations.md).
ENV COMMANDER_HOME=/data COMMANDER_LISTEN=0.0.0.0 PORT=8300 NODE_ENV=production NODE_COMPILE_CACHE=/data/compiled
VOLUME /data
EXPOSE 8300
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8300/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
# As `npm start` does it (docs/operations.md says why).
CMD ["node", "--max-semi-space-size=2", "bot/main.ts"]
