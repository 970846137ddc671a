# vaka: build, test and look around. `make help` lists what there is.

SWIFT ?= swift
BUILD := $(SWIFT) build -j 2
SEEDS ?= 1-10
PACKAGES := libidn2-dev libpsl-dev libsqlite3-dev libssl-dev openssl pkg-config
TEST_PACKAGES := curl protobuf-compiler python3 python3-cryptography python3-protobuf
GENERATE_PACKAGES := protobuf-compiler

.PHONY: help packages build release demo test simulate simulate-mutants soak power-cut hostile mixed-versions fuzz test-address test-thread bench bench-rooms bench-screening bench-rehash bench-types compare-identifiers check-exchange generate vectors check-generated check-deployment lint certs

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /|/' | awk -F'|' '{printf "  make %-16s %s\n", $$1, $$2}'

packages: ## install the Debian packages that building needs, or name them
	@Scripts/ensure-packages $(PACKAGES)

build: packages ## build the command for development
	$(BUILD) --product vaka

release: packages ## build the command for use, Swift's libraries inside: .build/release/vaka
	$(BUILD) -c release --static-swift-stdlib --product vaka

demo: build ## three sample coalitions on this machine, told line by line
	.build/debug/vaka demo

test: ## all tests
	@Scripts/ensure-packages $(PACKAGES) $(TEST_PACKAGES)
	$(BUILD) --build-tests
	@# Real processes and simulations hold their threads for seconds; beside them the handshake tests would starve.
	$(SWIFT) test --skip-build --skip 'EndToEndTests|ReplicationTests'
	$(SWIFT) test --skip-build --filter 'EndToEndTests|ReplicationTests'
	/usr/bin/python3 -B Tests/Soak --binary .build/debug/vaka --nodes 8 --minutes 1
	/usr/bin/python3 -B Tests/Soak --binary .build/debug/vaka --power-cut
	/usr/bin/python3 -B Tests/HostilePeer --binary .build/debug/vaka

test-address: ## the tests under the address sanitizer, in a folder of their own
	@Scripts/ensure-packages $(PACKAGES) $(TEST_PACKAGES)
	$(BUILD) --build-tests --sanitize=address --scratch-path .build/address
	@# XCTest itself leaks two small objects, so leaks are not looked for.
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --skip-build --sanitize=address --scratch-path .build/address --skip EndToEndTests

test-thread: ## the tests under the thread sanitizer, in a folder of their own
	@Scripts/ensure-packages $(PACKAGES) $(TEST_PACKAGES)
	$(BUILD) --build-tests --sanitize=thread --scratch-path .build/thread
	$(SWIFT) test --skip-build --sanitize=thread --scratch-path .build/thread --skip 'EndToEndTests|ReplicationTests'

TIME ?= 60
fuzz: packages ## every reader of bytes from outside, TIME=60 seconds each, two at once
	@cp Package.resolved Fuzz/Package.resolved 2>/dev/null || true
	cd Fuzz && $(BUILD) -c release --product Fuzz -Xswiftc -sanitize=fuzzer --scratch-path ../.build/fuzz
	/usr/bin/python3 -B Fuzz/run.py --seconds $(TIME) $(ARGUMENTS)

soak: build ## nodes of the real binary in a bad network: ARGUMENTS="--nodes 47 --minutes 20 --seed 7"
	@Scripts/ensure-packages python3
	/usr/bin/python3 -B Tests/Soak --binary .build/debug/vaka $(ARGUMENTS)

hostile: build ## a member with valid certificates who lies, floods and stalls, beside honest nodes
	@Scripts/ensure-packages $(TEST_PACKAGES)
	/usr/bin/python3 -B Tests/HostilePeer --binary .build/debug/vaka

mixed-versions: packages ## this version beside one that knows a kind of statement more, built into .build-newer
	@Scripts/ensure-packages $(TEST_PACKAGES)
	NEWER_KIND=1 $(BUILD) --scratch-path .build-newer --product vaka
	$(BUILD) --build-tests
	NEWER_VAKA=$(CURDIR)/.build-newer/debug/vaka $(SWIFT) test --skip-build --filter MixedVersionsTests

power-cut: build ## a node whose disk loses power in the middle of an import
	@Scripts/ensure-packages python3
	/usr/bin/python3 -B Tests/Soak --binary .build/debug/vaka --power-cut $(ARGUMENTS)

generate: ## make Sources/Wire/Generated anew from Sources/Wire/Messages
	@Scripts/ensure-packages $(GENERATE_PACKAGES)
	$(BUILD) --product protoc-gen-swift
	@Scripts/generate-messages Sources/Wire/Generated

vectors: ## make the vectors of signed objects anew, with the independent peer
	@Scripts/ensure-packages $(TEST_PACKAGES)
	/usr/bin/python3 -B Tests/IndependentPeer make Tests/Vectors

compare-identifiers: build ## what we say of 10,000 identifiers of each type beside independent libraries from PyPI
	@Scripts/ensure-packages python3 python3-venv
	@test -x .build/comparison/bin/python || /usr/bin/python3 -m venv .build/comparison
	@.build/comparison/bin/pip install --quiet --disable-pip-version-check -r Tests/IdentifierComparison/requirements.txt
	.build/comparison/bin/python -B Tests/IdentifierComparison --binary .build/debug/vaka $(ARGUMENTS)

check-exchange: build ## STIX and MISP, read and written, beside stix2-validator, stix2-patterns and pymisp from PyPI
	@Scripts/ensure-packages python3 python3-venv
	@test -x .build/exchange/bin/python || /usr/bin/python3 -m venv .build/exchange
	@.build/exchange/bin/pip install --quiet --disable-pip-version-check -r Tests/ExchangeComparison/requirements.txt
	.build/exchange/bin/python -B Tests/ExchangeComparison --binary .build/debug/vaka $(ARGUMENTS)

# A tenth of the time goes into Swift's own watch over overlapping accesses, which the tests' debug builds keep.
UNWATCHED := -Xswiftc -enforce-exclusivity=unchecked

simulate: packages ## seeds of the simulation, each twice: make simulate SEEDS=1-100 ARGUMENTS="--nodes 47 --days 1"
	SIMULATION=1 $(BUILD) -c release $(UNWATCHED) --scratch-path .build-release --product simulate
	.build-release/release/simulate --seeds $(SEEDS) $(ARGUMENTS)

simulate-mutants: packages ## which check of the simulation finds each planted mistake
	SIMULATION=1 PLANTED_FAULTS=1 $(BUILD) -c release $(UNWATCHED) --scratch-path .build-mutants --product simulate
	.build-mutants/release/simulate --mutants $(ARGUMENTS)

bench: release ## first copy, bulk and single changes beside PostgreSQL, about 10 minutes
	@Scripts/ensure-packages python3 postgresql
	/usr/bin/python3 -B Benchmarks/replication --binary .build/release/vaka

bench-rooms: packages ## what one core does of the work that every row and head costs
	cd Benchmarks/rooms && BENCHMARK_DISABLE_JEMALLOC=1 $(SWIFT) package --disable-sandbox benchmark

bench-types: packages ## canonical form and digest of each type beside the bare hash, on one core
	cd Benchmarks/screening/types && $(SWIFT) run -c release Types

bench-screening: release ## screening of five million rows beside DuckDB, Python and Redis, about 10 minutes
	@Scripts/ensure-packages python3 python3-venv
	@test -x .build/screening/bin/python || /usr/bin/python3 -m venv .build/screening
	@.build/screening/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1
	.build/screening/bin/python -B Benchmarks/screening --binary .build/release/vaka $(ARGUMENTS)

bench-rehash: release ## how long listings take to move to a new hash key, under a minute
	python3 -B Benchmarks/rehash --binary .build/release/vaka $(ARGUMENTS)

check-generated: ## whether the committed generated code is current
	@Scripts/ensure-packages $(GENERATE_PACKAGES)
	$(BUILD) --product protoc-gen-swift
	@rm -rf .build/generated && mkdir -p .build/generated
	@Scripts/generate-messages .build/generated
	diff -r Sources/Wire/Generated .build/generated

lint: ## the project's own Swift files against .swift-format
	@git ls-files -co --exclude-standard '*.swift' | grep -v '\.pb\.swift$$' | xargs $(SWIFT) format lint --strict

check-deployment: ## Dockerfile, compose file, systemd unit, alerts and dashboard, by the tools that are here
	@Scripts/check-deployment

certs: ## throw-away development certificates in Certs/development
	@sh Certs/make-development-certificates
