# There is no build step: Node runs the TypeScript of src/ directly.
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
# The image's user `node`, as a number: from a name, Kubernetes cannot tell that it is not root (runAsNonRoot).
USER 1000
EXPOSE 4000 4001 4003
ENTRYPOINT ["node", "--max-semi-space-size=8", "src/main.ts"]
CMD ["serve"]
