import assert from "node:assert/strict";
import { test } from "node:test";
import { runAtFolder } from "./adoptFolder.ts";
import type { Ran } from "./cli.ts";

/** A computer name that Intune returns and that no program can declare: it is longer than 15 characters. */
const LONG_NAME = "reception-desk-in-the-lobby";

function adoptMachines(
	machines: readonly { serialNumber: string; displayName?: string }[],
	see: (ran: Ran, files: string) => void,
): Promise<void> {
	return runAtFolder(async ({ emulator, adopt, readFiles }) => {
		emulator.control.machines.seed([...machines]);
		const ran = await adopt("--autopilot");
		see(ran, Object.values(await readFiles()).join("\n"));
	});
}

test("a machine that cannot be declared is listed, the others are written, and the exit code is 1", () =>
	adoptMachines(
		[{ serialNumber: "5CG-1" }, { serialNumber: "5CG-2", displayName: LONG_NAME }],
		({ code, stdout, stderr }, files) => {
			assert.deepEqual([code, stderr], [1, ""]);
			assert.match(
				stdout,
				/Skipped 1 machine, [^\n]*:\n- .*27 characters; a computer name can have at most 15/,
			);
			assert.match(files, /5CG-1/);
			assert.doesNotMatch(files, /5CG-2/);
		},
	));

test("nothing is written if no machine can be declared", () =>
	adoptMachines([{ serialNumber: "5CG-2", displayName: LONG_NAME }], ({ code, stdout, stderr }, files) => {
		assert.deepEqual([code, stdout, files], [1, "", ""]);
		assert.match(stderr, /None of the 1 machine found can be declared as it is; nothing was written:/);
	}));

test("the exit code is 0 if every machine can be declared", () =>
	adoptMachines([{ serialNumber: "5CG-1" }], ({ code, stdout }) => {
		assert.equal(code, 0);
		assert.doesNotMatch(stdout, /Skipped/);
	}));
