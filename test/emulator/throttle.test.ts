import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "./clock.ts";
import { Throttle } from "./iotHub/throttle.ts";
import { withEmulator } from "./testing/useEmulator.ts";

const FROZEN = { timeScale: 0 };

test("S1 admits 100 registry operations a minute and unit at once; one more waits for its turn", async () => {
	await withEmulator({ ...FROZEN, sku: "S1", units: 1 }, async ({ hub, emulator }) => {
		const { clock, requests } = emulator.control;
		const burst = await Promise.all(Array.from({ length: 100 }, () => hub.get("/devices/nobody")));
		assert.ok(burst.every(({ status }) => status === 404));
		const waiting = hub.get("/devices/nobody");
		while (requests.count() < 101) await new Promise((resolve) => setImmediate(resolve));
		clock.advance(500);
		assert.equal(requests.list().at(-1)?.status, undefined);
		clock.advance(200);
		assert.equal((await waiting).status, 404);
	});
});

test("a request that would wait longer than the backlog is 429 after that wait, and takes no tokens", async () => {
	await withEmulator(
		{ ...FROZEN, sku: "S1", switches: { throttleBacklog: 0 } },
		async ({ hub, emulator }) => {
			const ask = () => hub.get("/devices/nobody", { headers: { connection: "keep-alive" } });
			for (let at = 0; at < 100; at += 1) {
				const { status, headers } = await ask();
				assert.deepEqual([status, headers.connection], [404, "keep-alive"]);
			}
			const refused = await ask();
			assert.deepEqual([refused.status, refused.headers.connection], [429, "close"]);
			assert.equal(refused.headers["iothub-errorcode"], "ThrottlingBacklogTimeout");
			assert.equal(refused.headers["retry-after"], undefined);
			emulator.control.clock.advance(601);
			assert.equal((await ask()).status, 404);
			assert.equal((await ask()).status, 429);
		},
	);
});

/** Reads devices with ten requests in flight, each of which the hub answers in 135 ms, and returns what the client sees. */
async function readDevices(throttle: Throttle, clock: VirtualClock, count: number) {
	const start = clock.now();
	const latencies: number[] = [];
	let [left, refused, running] = [count, 0, 10];
	const read = async () => {
		while (left > 0) {
			left -= 1;
			const sent = clock.now();
			if (!(await throttle.admit({ meter: "registry", cost: 1, isRead: true, backlog: 40_000 })))
				refused += 1;
			await clock.sleep(135);
			latencies.push(clock.now() - sent);
		}
		running -= 1;
	};
	for (let at = running; at > 0; at -= 1) void read();
	while (running > 0) {
		await new Promise((resolve) => setImmediate(resolve));
		clock.advance(5);
	}
	return { took: clock.now() - start, slowest: Math.max(...latencies), refused };
}

test("F1 answers 250 reads within about 10.5 s, as measured; writes after them, and reads of S1, wait for their turn", async () => {
	const clock = new VirtualClock(0);
	const throttle = new Throttle(clock);
	throttle.set("F1");
	const { took, slowest, refused } = await readDevices(throttle, clock, 250);
	assert.ok(took > 9_500 && took < 11_500, `${took} ms`);
	assert.ok(slowest <= 3_200, `${slowest} ms`);
	assert.equal(refused, 0);
	const write = throttle.admit({ meter: "registry", cost: 1, backlog: 40_000 });
	clock.advance(40_000);
	assert.equal(await write, false);
	throttle.set("S1");
	const onS1 = await readDevices(throttle, clock, 120);
	assert.ok(onS1.took > 11_500 && onS1.slowest > 3_200, JSON.stringify(onS1));
});

test("twin reads, twin writes and queries are counted apart from the registry", async () => {
	await withEmulator({ ...FROZEN, sku: "S1", switches: { throttleBacklog: 0 } }, async ({ hub }) => {
		const reached = async (ask: () => Promise<{ status: number }>) => {
			let passed = 0;
			while (passed < 200 && (await ask()).status !== 429) passed += 1;
			return passed;
		};
		assert.equal(await reached(() => hub.post("/devices/query", { query: "SELECT * FROM devices" })), 20);
		assert.equal(await reached(() => hub.patch("/twins/nobody", {})), 50);
		assert.equal(await reached(() => hub.get("/twins/nobody")), 100);
		assert.equal(await reached(() => hub.get("/devices/nobody")), 100);
		const refused = await hub.post("/devices/query", { query: "SELECT * FROM devices" });
		assert.match(String(refused.at("Message")), /Operation type: Query$/);
	});
});

test("a bulk request pays for each item once it is admitted: two of 100 pass, the third is rejected", async () => {
	await withEmulator({ ...FROZEN, sku: "S1" }, async ({ hub, emulator }) => {
		const { clock, requests } = emulator.control;
		const items = (word: string) =>
			Array.from({ length: 100 }, (_, at) => ({ id: `${word}${at}`, importMode: "create" }));
		assert.equal((await hub.post("/devices", items("a"))).status, 200);
		const later = [hub.post("/devices", items("b")), hub.post("/devices", items("c"))];
		while (requests.count() < 3) await new Promise((resolve) => setImmediate(resolve));
		clock.advance(40_000);
		const statuses = (await Promise.all(later)).map(({ status }) => status);
		assert.deepEqual(statuses.sort(), [200, 429]);
	});
});

test("units and tiers raise the limits as documented", async () => {
	const burst = async (
		sku: "S1" | "S2" | "S3",
		units: number,
		meter: "registry" | "twinRead" | "twinWrite" | "query",
	) => {
		const throttle = new Throttle(new VirtualClock(0));
		throttle.set(sku, units);
		let passed = 0;
		while (await throttle.admit({ meter, cost: 1, backlog: 0 })) passed += 1;
		return passed;
	};
	assert.equal(await burst("S1", 3, "registry"), 300);
	assert.equal(await burst("S2", 2, "registry"), 200);
	assert.equal(await burst("S3", 1, "registry"), 5000);
	assert.equal(await burst("S1", 3, "twinRead"), 100);
	assert.equal(await burst("S2", 20, "twinRead"), 200);
	assert.equal(await burst("S2", 20, "twinWrite"), 100);
	assert.equal(await burst("S3", 2, "twinWrite"), 500);
	assert.equal(await burst("S3", 1, "query"), 1000);
});

test("without a tier nothing is throttled, and the tier can be changed while the hub runs", async () => {
	await withEmulator({ ...FROZEN, switches: { throttleBacklog: 0 } }, async ({ hub, emulator }) => {
		const statuses = async () => {
			const replies = await Promise.all(Array.from({ length: 110 }, () => hub.get("/devices/nobody")));
			return new Set(replies.map(({ status }) => status));
		};
		assert.deepEqual(await statuses(), new Set([404]));
		emulator.control.hub.setTier({ sku: "S1" });
		assert.deepEqual(await statuses(), new Set([404, 429]));
	});
});

test("operations are counted by meter since the tier was set: each item of a bulk request, no rejected requests", async () => {
	await withEmulator({ ...FROZEN, switches: { throttleBacklog: 0 } }, async ({ hub, emulator }) => {
		const items = Array.from({ length: 100 }, (_, at) => ({ id: `a${at}`, importMode: "create" }));
		await hub.post("/devices", items);
		await hub.get("/devices/a1");
		await hub.get("/twins/a1");
		await hub.post("/devices/query", { query: "SELECT * FROM devices" });
		const counts = await (await fetch(`${emulator.controlUrl}/counts`)).text();
		assert.deepEqual(JSON.parse(counts).operations, { registry: 101, query: 1, twinRead: 1, twinWrite: 0 });
		emulator.control.hub.setTier({ sku: "S1" });
		assert.equal(emulator.control.hub.operations.registry, 0);
		for (let at = 0; at < 110; at += 1) await hub.get("/devices/a1");
		assert.equal(emulator.control.hub.operations.registry, 100);
	});
});
