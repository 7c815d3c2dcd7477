import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IotHubService } from "../../../provider/iothub/service.ts";
import { Resource } from "../harness/resource.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { declareDeviceFleet, withHub } from "./withFleet.ts";

/** Resources of one program. All their operations run in one process, as under Pulumi. */
function createProgram(hub: HubStage): { fleet(): Resource; single(): Resource; anotherRun(): void } {
	let service: IotHubService = hub.open();
	let count = 0;
	const createOrigin = (type: string) => ({ origin: `organization/plant/dev/${type}/r${++count}` });
	return {
		fleet: () => new Resource(() => service.deviceFleet, createOrigin("DeviceFleet")),
		single: () => new Resource(() => service.deviceIdentity, createOrigin("DeviceIdentity")),
		anotherRun: () => {
			service = hub.open();
		},
	};
}

const ONE = declareDeviceFleet({ d: { status: "enabled" } });
const NONE = declareDeviceFleet({});
const TWICE = /d is already in this stack[\s\S]*\[DeclaredTwice\]/;

/** Returns the message of an error with those of the errors that it contains. */
const formatError = (error: Error & { reasons?: readonly string[] }): string =>
	[error.message, "code" in error ? `[${error.code}]` : "", ...(error.reasons ?? [])].join("\n");

describe("A device that is declared twice in one program", () => {
	test(
		"is rejected in the second of two new fleets, although it looks like one that an interrupted run created",
		withHub(async (hub) => {
			const program = createProgram(hub);
			await program.fleet().up(ONE);
			hub.control.requests.reset();
			await assert.rejects(program.fleet().up(ONE), (error: Error) => TWICE.test(formatError(error)));
			assert.equal(hub.control.requests.count({ method: "PUT" }), 0);
		}),
	);
	test(
		"is rejected in a new fleet if another fleet has already deployed it, even with adopt",
		withHub(async (hub) => {
			const program = createProgram(hub);
			const old = program.fleet();
			await old.up(ONE);
			program.anotherRun();
			await old.up(ONE);
			await assert.rejects(program.fleet().up({ ...ONE, adopt: true }), (error: Error) =>
				TWICE.test(formatError(error)),
			);
			assert.equal((await old.plan(ONE)).step, "same");
		}),
	);
	test(
		"is rejected in a fleet if a single resource declares it, and the reverse",
		withHub(async (hub) => {
			const program = createProgram(hub);
			await program.single().up({ deviceId: "d" });
			await assert.rejects(program.fleet().up(ONE), (error: Error) => TWICE.test(formatError(error)));
			await program.fleet().up(declareDeviceFleet({ e: {} }));
			await assert.rejects(program.single().up({ deviceId: "e" }), (error: Error) =>
				/e is already in this stack/.test(error.message),
			);
		}),
	);
});

describe("A device that moves from one fleet to another", () => {
	test(
		"is adopted with its keys, and not deleted by the fleet that no longer declares it",
		withHub(async (hub) => {
			const program = createProgram(hub);
			const [from, to] = [program.fleet(), program.fleet()];
			await from.up(ONE);
			const before = hub.getDevice("d");
			program.anotherRun();
			await to.up({ ...ONE, adopt: true });
			await from.up(NONE);
			assert.deepEqual(hub.getDevice("d"), before);
			assert.match(
				hub.words.said.join("\n"),
				/Device d stays as it is: DeviceFleet r2 has it now, so only this record is removed from state/,
			);
			program.anotherRun();
			assert.equal((await to.plan({ ...ONE, adopt: true })).step, "same");
			assert.equal((await from.plan(NONE)).step, "same");
			await to.destroy();
			assert.deepEqual(hub.control.devices.list(), []);
		}),
	);
	test(
		"is rejected if the fleet that no longer declares it was processed first, and created again in the next run",
		withHub(async (hub) => {
			const program = createProgram(hub);
			const [from, to] = [program.fleet(), program.fleet()];
			await from.up(ONE);
			const { generationId } = hub.getDevice("d");
			program.anotherRun();
			await from.up(NONE);
			await assert.rejects(
				to.up({ ...ONE, adopt: true }),
				/gives up d and does not depend on.*\[HeldElsewhere\]/,
			);
			program.anotherRun();
			await to.up(ONE);
			assert.notEqual(hub.getDevice("d").generationId, generationId);
		}),
	);
	test(
		"is no longer rejected after the end of the run that could not create it",
		withHub(async (hub) => {
			const program = createProgram(hub);
			hub.control.devices.seed([{ deviceId: "d", status: "disabled" }]);
			const fleet = program.fleet();
			await assert.rejects(fleet.up(ONE), /d exists already|AlreadyExists/);
			await fleet.up({ ...ONE, adopt: true });
			assert.equal(hub.getDevice("d").status, "enabled");
		}),
	);
});
