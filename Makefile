# Two commands: `make run` installs what is missing and starts the hotline with a demo call;
# `make test` runs every check. Both may be repeated at any time.
.PHONY: run install test soak coverage doctor lock

run install test soak:
	@sh install/bootstrap.sh $@

# Each core module, wholly covered by its own tests alone (also a part of `make test`).
coverage:
	@.venv/bin/python -m install.coverage

doctor:
	@.venv/bin/hotline doctor

# Locks requirements/*.in anew (needs uv; the index is the machine's own).
LOCK = uv --quiet pip compile --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url
lock:
	cd requirements && $(LOCK) build.in -o build.txt
	cd requirements && $(LOCK) base.in -o base.txt
	cd requirements && $(LOCK) demo.in -c base.txt -o demo.txt
	cd requirements && $(LOCK) dev.in -c demo.txt -c node.txt -o dev.txt
	cd requirements && $(LOCK) --no-deps models.in -o models.txt
	cd requirements && $(LOCK) --no-deps node.in -o node.txt
