import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startEmulator } from "../emulator/emulator.ts";
import { getTenantEnv, runDeviceIdentity, runInFolder } from "./cli.ts";

/** A computer name that Intune returns and that no program can declare: it is longer than 15 characters. */
const LONG_NAME = "reception-desk-in-the-lobby";

async function adoptMachines(
	machines: readonly { serialNumber: string; displayName?: string }[],
	work: (ran: { code: number; stdout: string; stderr: string }, files: string) => void,
): Promise<void> {
	const emulator = await startEmulator();
	try {
		emulator.control.machines.seed([...machines]);
		await runInFolder(async (folder) => {
			const ran = await runDeviceIdentity(
				["adopt", "--autopilot", "--out", folder],
				getTenantEnv({ emulator }),
			);
			const names = await readdir(folder);
			const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
			work(ran, texts.join("\n"));
		});
	} finally {
		await emulator.close();
	}
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
