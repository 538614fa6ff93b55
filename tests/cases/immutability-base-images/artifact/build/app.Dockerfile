# syntax=docker/dockerfile:1
# escape=`
ARG VERSION=3.20
FROM alpine:${VERSION} AS build
COPY --from=golang:1.23 /usr/local/go /usr/local/go
RUN --mount=type=bind,from=busybox,target=/b `
    # FROM a comment
    echo <<EOF
FROM is-no-instruction-here
EOF
FROM build AS test
FROM ${UNKNOWN}
COPY --from=build /app /app
