import { describe, test } from "node:test";
import { createDevicePlace } from "./devicePlace.ts";
import { playMany, playOne } from "./histories.ts";
import { createKeyPlace } from "./keyPlace.ts";
import { createMachinePlace } from "./machinePlace.ts";
import type { Place } from "./place.ts";
import type { History, Step } from "./step.ts";

/** How many histories a test plays. */
const RUNS = 1_000;
/** The fixed seed: each run plays the same histories; `npm run histories` finds others. */
const SEED = 20_260_301;

/** Tests a resource type with random histories. */
export function testSeason(title: string, open: () => Place): void {
	test(`${title} keeps its promises in ${RUNS} histories (seed ${SEED})`, () =>
		playMany(open(), { runs: RUNS, seed: SEED }));
}

/** Tests a resource type with histories that once broke a promise, each named after the fault. */
export function testFoundHistories(open: () => Place, histories: Readonly<Record<string, History>>): void {
	for (const [title, history] of Object.entries(histories)) test(title, () => playOne(open(), history));
}

testSeason("DeviceIdentity", createDevicePlace);

testSeason("DeviceIdentity with keys that nobody declares", createKeyPlace);

testSeason("AutopilotIdentity", createMachinePlace);

const createChange = (knob: string, value: string): Step => ({
	do: "outside",
	outside: { what: "change", knob, value },
});

describe("Histories that once broke a promise", () => {
	testFoundHistories(createDevicePlace, {
		"Drift that a refresh recorded and somebody put back is not a change": {
			program: { status: "enabled" },
			steps: [
				{ do: "up" },
				createChange("status", "disabled"),
				{ do: "refresh" },
				createChange("status", "enabled"),
				{ do: "preview" },
				{ do: "onDrift", policy: "fail" },
				{ do: "up" },
			],
		},
		"Refreshed drift that the program takes over is deployed, and its next change is not rejected": {
			program: { status: "disabled" },
			steps: [
				{ do: "onDrift", policy: "fail" },
				{ do: "up" },
				createChange("status", "enabled"),
				{ do: "refresh" },
				{ do: "declare", knob: "status", value: "enabled" },
				{ do: "up" },
				{ do: "declare", knob: "status", value: "disabled" },
				{ do: "up" },
			],
		},
		"Refreshed drift that the program took over and somebody put back is written again": {
			program: { edge: "true" },
			steps: [
				{ do: "up" },
				{ do: "declare", knob: "edge", value: "" },
				createChange("edge", ""),
				{ do: "refresh" },
				createChange("edge", "true"),
			],
		},
	});
	testFoundHistories(createMachinePlace, {
		"The next run does not undo changes by others to a machine whose import was interrupted": {
			program: { groupTag: "Kiosk" },
			steps: [
				{ do: "up", mishap: { kind: "dies after", at: 3 } },
				{ do: "wait" },
				createChange("groupTag", "Office"),
				{ do: "up" },
			],
		},
	});
});
