# There is no build step: Node runs the TypeScript of src/ as it is.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY config config
COPY src src
# The image's user `node`, as a number: with a name, Kubernetes could not tell that it is not root.
USER 1000
EXPOSE 4000 4001
ENTRYPOINT ["node", "--max-semi-space-size=8", "src/main.ts"]
CMD ["serve"]
