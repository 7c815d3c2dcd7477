import { describe, test } from "node:test";
import { createDevicePlace } from "./devicePlace.ts";
import { playMany, playOne } from "./histories.ts";
import { createMachinePlace } from "./machinePlace.ts";
import type { Place } from "./place.ts";
import type { History, Step } from "./step.ts";

/** How many histories a test plays. */
const RUNS = 1_000;
/** Tests play the same ones each time; others are found by `npm run histories`. */
const SEED = 20_260_301;

/** Tests a kind of resource by histories that nobody thought of. */
export function testSeason(title: string, open: () => Place): void {
	test(`${title} keeps its promises in ${RUNS} histories (seed ${SEED})`, () =>
		playMany(open(), { runs: RUNS, seed: SEED }));
}

/** Tests a kind of resource by histories that broke a promise once, each named after what went wrong. */
export function testFoundHistories(open: () => Place, histories: Readonly<Record<string, History>>): void {
	for (const [title, history] of Object.entries(histories)) test(title, () => playOne(open(), history));
}

testSeason("DeviceIdentity", createDevicePlace);

testSeason("AutopilotIdentity", createMachinePlace);

const createChange = (knob: string, value: string): Step => ({
	do: "outside",
	outside: { what: "change", knob, value },
});

describe("Histories that broke a promise once", () => {
	testFoundHistories(createDevicePlace, {
		"What a refresh noted and somebody put back is no change": {
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
		"What a refresh noted and the program takes over is deployed, and its next change of it is not refused": {
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
		"What a refresh noted, the program took over, and somebody put back is written again": {
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
		"What somebody made of a machine whose import was interrupted is not undone by the next run": {
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
