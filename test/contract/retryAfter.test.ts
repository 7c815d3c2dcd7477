import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { declareKiosk } from "./autopilotFleet/withFleet.ts";
import { withTenant } from "./autopilotIdentity/withTenant.ts";
import {
	createDeviceFleet,
	declareDeviceFleet,
	declarePlainDevices,
	withHub,
} from "./deviceFleet/withFleet.ts";
import { catchError } from "./scene.ts";

const DAY = 86_400_000;
const WAIT_OF_A_DAY = { "retry-after": "86400" };
const REFUSAL =
	/\(503, .*\)\. The service asks to wait 24 h before the next request \(503 with Retry-After\), but `(?:iothub|autopilot):timeouts` allows only \d+ min for (?:create|update|delete)\. Nothing was written by this request\. .* \[LongWaitRequired\]$/;

describe("A write that a service refuses with 503 for a day", () => {
	test(
		"is sent once, and its outcome is read: the device was not created",
		withHub(async (hub) => {
			hub.control.faults.add({
				match: { method: "PUT" },
				times: "always",
				action: { kind: "unavailable", retryAfter: 86_400 },
			});
			const resource = hub.createResource();
			const { message } = await catchError(resource.up({ deviceId: "press" }));
			assert.match(`${message} [LongWaitRequired]`, REFUSAL);
			assert.deepEqual(hub.asked(), ["PUT /devices/{id}", "GET /devices/{id}"]);
			assert.ok(hub.clock.paused <= 60_000, `${hub.clock.paused} ms`);
			hub.control.faults.clear();
			await resource.up({ deviceId: "press" });
		}),
	);

	test(
		"is recognized if the device was created all the same",
		withHub(async (hub) => {
			hub.control.faults.add({
				match: { method: "PUT" },
				action: { kind: "status", status: 503, when: "after", headers: WAIT_OF_A_DAY },
			});
			const resource = await hub.deploy({ deviceId: "press" });
			assert.equal(resource.known.id, "press");
			assert.equal(hub.control.requests.count({ method: "PUT" }), 1);
		}),
	);

	for (const [title, run] of [
		["changed", "up"],
		["deleted", "destroy"],
	] as const) {
		test(
			`is sent once, and its outcome is read: the device was not ${title}`,
			withHub(async (hub) => {
				const resource = await hub.deploy({ deviceId: "press" });
				hub.control.requests.reset();
				for (const method of ["PUT", "DELETE"])
					hub.control.faults.add({
						match: { method },
						times: "always",
						action: { kind: "unavailable", retryAfter: 86_400 },
					});
				const work =
					run === "up" ? resource.up({ deviceId: "press", status: "disabled" }) : resource.destroy();
				const { message } = await catchError(work);
				assert.match(`${message} [LongWaitRequired]`, REFUSAL);
				const { requests } = hub.control;
				assert.equal(requests.count({ method: "PUT" }) + requests.count({ method: "DELETE" }), 1);
				assert.equal(hub.getDevice("press").status, "enabled");
			}),
		);
	}

	test(
		"is sent once, and its outcome is read: the machine was not changed",
		withTenant(async (tenant) => {
			const machine = { ...declareKiosk("5CG0001"), serialNumber: "5CG0001" };
			const resource = await tenant.deploy(machine);
			const match = { method: "POST", path: "updateDeviceProperties" };
			tenant.control.faults.add({
				match,
				times: "always",
				action: { kind: "unavailable", retryAfter: { dateIn: 86_400 } },
			});
			const { message } = await catchError(resource.up({ ...machine, groupTag: "Front desk" }));
			assert.match(`${message} [LongWaitRequired]`, REFUSAL);
			assert.equal(tenant.requests.count(match), 1);
			assert.equal(tenant.getMachine("5CG0001").groupTag, "Kiosk");
		}),
	);
});

describe("The time of day of a machine that is corrected during a run", () => {
	for (const step of [-DAY, DAY]) {
		test(
			`by ${step / DAY} day changes neither the number of requests nor their pace`,
			withHub(async (hub) => {
				const play = async (stepMs: number) => {
					hub.control.requests.reset();
					let count = 0;
					const fleet = createDeviceFleet(hub, { config: { "iothub:sku": "S1" } });
					hub.control.onRequest(() => {
						if (++count === 60) hub.clock.stepWallTime(stepMs);
					});
					await fleet.up(declareDeviceFleet(declarePlainDevices(120)));
					const played = [hub.control.requests.list().length, Math.round(hub.clock.paused / 1_000)];
					await fleet.destroy();
					return played;
				};
				const undisturbed = await play(0);
				assert.deepEqual(undisturbed[0], 120);
				const [requests = 0, seconds = 0] = await play(step);
				assert.equal(requests, 120);
				assert.ok(
					Math.abs(seconds - (undisturbed[1] ?? 0)) <= 5,
					`${seconds} s, without it ${undisturbed[1]} s`,
				);
			}),
		);
	}
});
