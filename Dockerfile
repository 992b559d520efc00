# The service as an image: `docker build -t csh-sync .`, then `docker run --rm --env-file .env csh-sync run`.
# Both stages start from one Python, so that the environment made in the first works in the second.
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
 && /backend/bin/pip --python /app/bin/python install --no-deps --no-index /wheel/*.whl

FROM ${PYTHON}
COPY --from=build /app /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["/app/bin/csh-sync"]
CMD ["--help"]
