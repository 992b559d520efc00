# The service as an image; how to build and run it: docs/container.md
# Both stages start from one Python, so that the environment made in the first works in the second. It is named by its
# tag alone, which moves; no digest stands here: only the registry knows it, and one nobody renews keeps old flaws.
# For a build that can be repeated, pin it: `docker pull python:3.13-slim-bookworm` shows the digest of today, then
# docker build --build-arg PYTHON=python:3.13-slim-bookworm@sha256:…
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# The build backend gets an environment of its own and stays behind in this stage.
COPY requirements/ requirements/
RUN python -m venv /backend \
 && /backend/bin/pip install --require-hashes --only-binary :all: --requirement requirements/build.txt \
 && python -m venv --without-pip /app \
 && /backend/bin/pip --python /app/bin/python install --require-hashes --only-binary :all: --requirement requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY sync/ sync/
COPY connectors/ connectors/
COPY mappings/ mappings/
COPY sandbox/ sandbox/
RUN /backend/bin/pip wheel --no-deps --no-index --no-build-isolation --wheel-dir /wheel . \
 && /backend/bin/pip --python /app/bin/python install --no-deps --no-index /wheel/*.whl \
 && mkdir /data

FROM ${PYTHON}
LABEL org.opencontainers.image.title="csh-sync" \
      org.opencontainers.image.description="Mirrors labelled GitHub issues into Asana and Airtable, with hours on the right contract" \
      org.opencontainers.image.licenses="BSD-3-Clause"
COPY --from=build /app /app
COPY --from=build --chown=65532:65532 /data /data
# Nothing is written beside /data: the root may be read-only. Events go to the log as JSON.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CSH_LOG=json
USER 65532:65532
# csh-sync.toml, records, and what is kept between runs.
WORKDIR /data
ENTRYPOINT ["/app/bin/csh-sync"]
CMD ["run", "--every", "15m"]
# Healthy while a run succeeded within the hour, as Airtable has it on record: two calls each time.
HEALTHCHECK --interval=30m --timeout=60s --start-period=30m --retries=1 \
  CMD ["/app/bin/csh-sync", "check", "--stale", "1h"]
