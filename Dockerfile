# The node in a container: one binary, one volume, no root. See Docs/operations.md.
FROM swift:6.3.1-bookworm AS build
# Debian's newest, security updates included, so no versions are pinned here.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libidn2-dev libpsl-dev libsqlite3-dev libssl-dev pkg-config \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
WORKDIR /source
# Dependencies first: they change less often than the sources.
COPY Package.swift ./
RUN swift package resolve
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build -c release -j 2 --static-swift-stdlib --product vaka \
 && install -D -m 0755 .build/release/vaka /out/vaka \
 && strip /out/vaka

FROM debian:bookworm-slim
# Debian's newest, security updates included, so no versions are pinned here.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libidn2-0 libpsl5 libsqlite3-0 libssl3 publicsuffix \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && groupadd --system --gid 10001 vaka \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/vaka --no-create-home --shell /usr/sbin/nologin vaka \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/vaka
COPY --from=build /out/vaka /usr/local/bin/vaka
ENV VAKA_HOME=/var/lib/vaka
USER 10001:10001
WORKDIR /var/lib/vaka
VOLUME /var/lib/vaka
# 7473: peers, mutual TLS. 7474: health and metrics, on the container's own loopback unless VAKA_HEALTH_LISTEN says more.
EXPOSE 7473
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 CMD ["/usr/local/bin/vaka", "health"]
ENTRYPOINT ["/usr/local/bin/vaka"]
CMD ["serve"]
