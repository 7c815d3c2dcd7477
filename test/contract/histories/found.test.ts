import { describe } from "node:test";
import { createDevicePlace } from "./devicePlace.ts";
import { createMachinePlace } from "./machinePlace.ts";
import { testFoundHistories } from "./season.ts";
import type { Step } from "./step.ts";

const change = (knob: string, value: string): Step => ({
	do: "outside",
	outside: { what: "change", knob, value },
});

describe("Histories that broke a promise once", () => {
	testFoundHistories(createDevicePlace, {
		"What a refresh noted and somebody put back is no change": {
			program: { status: "enabled" },
			steps: [
				{ do: "up" },
				change("status", "disabled"),
				{ do: "refresh" },
				change("status", "enabled"),
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
				change("status", "enabled"),
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
				change("edge", ""),
				{ do: "refresh" },
				change("edge", "true"),
			],
		},
	});
	testFoundHistories(createMachinePlace, {
		"What somebody made of a machine whose import was interrupted is not undone by the next run": {
			program: { groupTag: "Kiosk" },
			steps: [
				{ do: "up", mishap: { kind: "dies after", at: 3 } },
				{ do: "wait" },
				change("groupTag", "Office"),
				{ do: "up" },
			],
		},
	});
});
