import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runAtFolder } from "./adoptFolder.ts";

describe("adopt writes nothing and exits with 1 if an object cannot be read", () => {
	const refusal = { kind: "status", status: 403, message: "not you" } as const;

	test("a device, as a resource or with --exact; without --exact a fleet needs no read", () =>
		runAtFolder(async ({ emulator: { control }, adopt, readFiles }) => {
			control.devices.seed(["a", "b"].map((deviceId) => ({ deviceId })));
			control.faults.add({
				match: { service: "iotHub", path: "/(devices|twins)/b" },
				times: "always",
				action: { ...refusal, code: "IotHubUnauthorizedAccess" },
			});
			for (const options of [["--resources"], ["--fleet", "--exact"]]) {
				const { code, stdout, stderr } = await adopt(...options);
				assert.deepEqual([code, stdout], [1, ""], options.join());
				assert.match(stderr, /device "b" .*failed: not you/);
				assert.deepEqual(await readFiles(), {});
			}
			const fleet = await adopt("--fleet");
			assert.deepEqual([fleet.code, fleet.stderr], [0, ""]);
			assert.equal(
				(await readFiles())["devices.csv"],
				"deviceId,status,authenticationType\na,enabled,sas\nb,enabled,sas\n",
			);
		}));

	test("a machine, in either form", () =>
		runAtFolder(async ({ emulator: { control }, adopt, readFiles }) => {
			const [, second] = control.machines.seed([{ serialNumber: "5CG-1" }, { serialNumber: "5CG-2" }]);
			control.faults.add({
				match: { service: "graph", path: `.*/${second?.id}` },
				times: "always",
				action: { ...refusal, code: "Forbidden" },
			});
			for (const form of ["--resources", "--fleet"]) {
				const { code, stdout, stderr } = await adopt("--autopilot", form);
				assert.deepEqual([code, stdout], [1, ""], form);
				assert.match(stderr, /not you/);
				assert.deepEqual(await readFiles(), {});
			}
		}));
});

test("adopt --exact reads each device, and a note says why a fleet is not a CSV", () =>
	runAtFolder(async ({ emulator: { control }, adopt, readFiles }) => {
		control.devices.seed([{ deviceId: "a", statusReason: "=1+1" }, { deviceId: "b" }]);
		control.requests.reset();
		const lagging = await adopt("--fleet");
		assert.equal(control.requests.counts()["GET /twins/{id}"], undefined);
		assert.match(lagging.stdout, /written as ndjson, because a CSV cannot hold one of their values/);
		assert.match((await readFiles())["devices.ndjson"] ?? "", /"statusReason":"=1\+1"/);
		const exact = await adopt("--fleet", "--exact", "--force");
		assert.deepEqual([exact.code, exact.stderr], [0, ""]);
		assert.equal(control.requests.counts()["GET /twins/{id}"], 2);
	}));
