# Both stages stand on this one image: the path of the compiled @discordjs/opus holds Node's ABI and the glibc version.
# The digest is that of the list of images for all platforms. Dependabot raises tag and digest together.
FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS base
WORKDIR /app

FROM base AS dependencies
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
# With .npmrc, only the packages that package.json names may run scripts.
COPY .npmrc package.json package-lock.json ./
# @discordjs/opus is compiled here: without "build_from_source" it would fetch a binary from GitHub, with no checksum.
# node-gyp takes the Node headers that the image brings and downloads none. Optional packages stay in: they hold the
# binaries of the encryption.
RUN npm_config_build_from_source=true npm_package_config_node_gyp_nodedir=/usr/local \
  npm ci --omit=dev --no-audit --no-fund

FROM base
ENV NODE_ENV=production \
  HTTP_PORT=8080 \
  HTTP_HOST=0.0.0.0 \
  DATABASE_URL=file:/data/parrotfish.db
RUN mkdir /data && chown 10001:10001 /data
COPY LICENSE package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY src src
COPY commands commands
USER 10001:10001
VOLUME /data
EXPOSE 8080
# Where HTTP_PORT is set to nothing, the bot serves no health check, and nothing is wrong with that.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "const port = process.env.HTTP_PORT; if (port) fetch(`http://127.0.0.1:${port}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not `npm start`: npm does not pass SIGTERM on reliably. Young objects get 4 MB, not 16: a busy chat is
# nothing but garbage, and the memory would stay taken.
CMD ["node", "--max-semi-space-size=4", "src/main.ts"]
