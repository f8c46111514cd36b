# syntax=docker/dockerfile:1
# Two images: `docker build .` makes Comptoir's, which holds nothing else; `--target demo` adds the
# marketplace simulator, for docker-compose.yml.

FROM rust:1.95.0-slim-bookworm AS build
# The image's own toolchain is the one that rust-toolchain.toml pins; naming it here keeps rustup from
# fetching rustfmt and clippy, which that file asks for too.
ENV RUSTUP_TOOLCHAIN=1.95.0 SQLX_OFFLINE=true
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/build/target,sharing=locked \
    cargo build --locked --release --bin comptoir --bin octopia-simulator \
    && mkdir /out \
    && cp target/release/comptoir target/release/octopia-simulator /out/

FROM debian:bookworm-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin comptoir
COPY --from=build /out/comptoir /usr/local/bin/
USER 10001
ENV COMPTOIR_LISTEN=0.0.0.0:8080
EXPOSE 8080
# Bash speaks HTTP well enough for this, so the image needs no curl.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3; read -r -t 4 _ code _ <&3; [ \"$code\" = 200 ]"]
CMD ["comptoir", "serve"]

FROM base AS demo
COPY --from=build /out/octopia-simulator /usr/local/bin/

FROM base AS comptoir
