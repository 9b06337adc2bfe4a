# docs/deployment.md says how to pin the base image.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The program has the code of these packages in it: what stays are their licenses, and what scanners look for.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && npm sbom --omit=dev --sbom-format=cyclonedx --sbom-type=application > sbom.cdx.json \
 && find node_modules ! -type d ! -name package.json ! -iname 'licen[cs]e*' ! -iname 'notice*' ! -iname 'copying*' -delete \
 && find node_modules -type d -empty -delete

FROM ${NODE_IMAGE} AS program
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY config config
COPY src src
COPY schema schema
COPY examples/apollo examples/apollo
COPY console console
COPY deploy/image deploy/image
RUN node deploy/image/bundle.ts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
# glibc gives each thread a heap of its own, which is seldom returned: 5 MB at rest, 20 MB under load.
ENV MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/sbom.cdx.json ./
COPY package.json ./
COPY --from=program /app/dist dist
# The image's user `node`, as a number: from a name, Kubernetes cannot tell that it is not root (runAsNonRoot).
USER 1000
EXPOSE 4000 4001 4003
ENTRYPOINT ["node", "--max-semi-space-size=8", "dist/main.js"]
CMD ["serve"]
