# The mock server. See docs/container.md.
FROM node:24-slim AS build
WORKDIR /src
COPY . .
# The page of the mock is a package of its own. Nothing else is installed.
RUN npm run build -- --filter=@auto-extend/mock-server --filter=@auto-extend/dashboard
# With the packages injected, the versions come from the lockfile, and pnpm need not find them again.
RUN node_modules/.bin/pnpm --config.inject-workspace-packages=true --filter=@auto-extend/mock-server --prod deploy /mock

FROM node:24-slim
COPY --from=build /mock /mock
# State files go here, if you ask for one.
WORKDIR /data
RUN chown node:node /data
USER node
ENV AUTO_EXTEND_MOCK_HOST=0.0.0.0
EXPOSE 4010
HEALTHCHECK --interval=5s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.AUTO_EXTEND_MOCK_PORT || 4010) + '/__mock/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/mock/bin/auto-extend-mock.js"]
