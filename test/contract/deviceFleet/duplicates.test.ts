import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IotHubService } from "../../../provider/iothub/service.ts";
import { Resource } from "../harness/resource.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { declareDeviceFleet, withHub } from "./withFleet.ts";

/** Resources of one program, whose operations all run in one process, as Pulumi has them. */
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

/** What an error says with those that it holds. */
const formatError = (error: Error & { reasons?: readonly string[] }): string =>
	[error.message, "code" in error ? `[${error.code}]` : "", ...(error.reasons ?? [])].join("\n");

describe("A device that is declared twice in one program", () => {
	test(
		"is refused in the second of two new fleets, although it looks as if an interrupted run created it",
		withHub(async (hub) => {
			const program = createProgram(hub);
			await program.fleet().up(ONE);
			hub.control.requests.reset();
			await assert.rejects(program.fleet().up(ONE), (error: Error) => TWICE.test(formatError(error)));
			assert.equal(hub.control.requests.count({ method: "PUT" }), 0);
		}),
	);
	test(
		"is refused in a new fleet while an older fleet holds it, even with adopt",
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
		"is refused in a fleet while a single resource holds it, and vice versa",
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
		"with adopt is taken over with its keys, and not deleted by the fleet that drops it",
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
		"is refused if the fleet that drops it was processed first, and is recreated by the next run",
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
		"is accepted again after the run that could not create it",
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
