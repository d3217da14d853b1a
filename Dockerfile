# The mock server. See docs/container.md.
FROM node:24-slim AS build
WORKDIR /src
COPY . .
# Only what the mock and its page are built with; `npm run build` would install all that the tests need.
RUN npx -y --prefer-offline "$(node -p 'require("./package.json").packageManager')" install --frozen-lockfile --prefer-offline \
    --filter=auto-extend-toolkit --filter=@auto-extend/mock-server... --filter=@auto-extend/dashboard...
RUN npx turbo run build --filter=@auto-extend/mock-server
# With the packages injected, the versions come from the lockfile, and pnpm need not find them again.
RUN npx pnpm --config.inject-workspace-packages=true --filter=@auto-extend/mock-server --prod deploy /mock

FROM node:24-slim
COPY --from=build /mock /mock
# State files go here, if you ask for one.
WORKDIR /data
RUN chown node:node /data
USER node
ENV AUTO_EXTEND_MOCK_HOST=0.0.0.0
EXPOSE 4010
HEALTHCHECK --interval=5s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:4010/__mock/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/mock/bin/auto-extend-mock.js"]
