FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY text /src/text
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/dist ./web/dist
ARG VERSION=container
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /segnavia ./cmd/segnavia

# Its PostgreSQL client must not be older than the database: of 17, backup and
# restore read and write the 16 of compose.yaml.
FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl libvips-tools postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/segnavia --create-home segnavia
COPY --from=program /segnavia /usr/local/bin/segnavia
USER segnavia
VOLUME /var/lib/segnavia
EXPOSE 8311
ENTRYPOINT ["segnavia"]
CMD ["serve"]
