# nlbswitch in an image with a shell, for CI servers: no compiler, no root.
#
#   docker build -t nlbswitch .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" nlbswitch lint

FROM rust:1.89-slim-trixie AS build
WORKDIR /source
COPY . .
RUN cargo install --locked --path . --root /out

FROM debian:trixie-slim
COPY --from=build /out/bin/nlbswitch /usr/local/bin/nlbswitch
WORKDIR /work
USER 65534:65534
ENTRYPOINT ["nlbswitch"]
CMD ["--help"]
