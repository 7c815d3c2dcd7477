import assert from "node:assert/strict";
import { test } from "node:test";
import { runAtFolder } from "./adoptFolder.ts";

test("a query that selects nothing writes nothing, with --force and without", () =>
	runAtFolder(async ({ emulator: { control }, adopt, readFiles }) => {
		control.devices.seed(["a", "b", "c"].map((deviceId) => ({ deviceId })));
		for (const form of ["--fleet", "--resources"]) {
			const empty = await adopt(form, "--where", "tags.site = 'nowhere'", "--force");
			assert.deepEqual([empty.code, empty.stdout], [1, ""]);
			assert.deepEqual(await readFiles(), {});
		}
		const first = await adopt("--fleet");
		assert.equal(first.code, 0, first.stderr);
		const files = await readFiles();
		const { code, stdout, stderr } = await adopt("--fleet", "--where", "tags.site = 'nowhere'", "--force");
		assert.deepEqual([code, stdout], [1, ""]);
		assert.match(
			stderr,
			/^device-identity: fleet\.azure-devices\.net has no device that the query SELECT \* FROM devices WHERE tags\.site = 'nowhere' selects; nothing was written\. Check the query, or leave out --where and --query .* \[CommandError\]\n$/,
		);
		assert.deepEqual(await readFiles(), files);
		const machines = await adopt("--autopilot", "--filter", "groupTag=Kiosk", "--force");
		assert.equal(machines.code, 1);
		assert.match(
			machines.stderr,
			/: The tenant has no machine that --filter groupTag=Kiosk selects; nothing was written\. /,
		);
		assert.deepEqual(await readFiles(), files);
		const repaired = await adopt("--fleet", "--force");
		assert.deepEqual([repaired.code, repaired.stderr], [0, ""], "without the query, as the message says");
	}));

test("--force rejects a program that declares less, and lists what it would delete; --allow-removals continues and lists it too", () =>
	runAtFolder(async ({ emulator: { control }, adopt, readFiles }) => {
		control.devices.seed(["a", "b", "c"].map((deviceId) => ({ deviceId })));
		assert.equal((await adopt("--fleet")).code, 0);
		control.devices.seed([{ deviceId: "d" }]);
		const more = await adopt("--fleet", "--force");
		assert.deepEqual([more.code, more.stderr], [0, ""], "more devices than before are accepted");
		control.devices.remove("b");
		control.devices.remove("c");
		const files = await readFiles();
		const refused = await adopt("--fleet", "--force");
		assert.deepEqual([refused.code, refused.stdout], [1, ""]);
		assert.match(
			refused.stderr,
			/declares 2 objects that the new program would not declare, .*:\n- b of devices\.csv\n- c of devices\.csv\nNothing was written\. .* add --allow-removals if this is meant\.\n\[CommandError\]\n$/,
		);
		assert.deepEqual(await readFiles(), files);
		const allowed = await adopt("--fleet", "--force", "--allow-removals");
		assert.deepEqual([allowed.code, allowed.stderr], [0, ""]);
		assert.match(allowed.stdout, /^2 devices of fleet\.azure-devices\.net as one fleet: /);
		assert.match(allowed.stdout, /\nNo longer declared, .*:\n- b of devices\.csv\n- c of devices\.csv\n/);
		assert.equal((await readFiles())["devices.csv"]?.includes("\nb"), false);
	}));

test("--force replaces the program of a template, but not one that a person wrote", () =>
	runAtFolder(async ({ emulator: { control }, adopt, readFiles, write }) => {
		control.devices.seed([{ deviceId: "a" }]);
		await write("index.ts", 'import * as pulumi from "@pulumi/pulumi";\n');
		const first = await adopt("--force");
		assert.deepEqual([first.code, first.stderr], [0, ""]);
		const written = 'import { plant } from "./plant";\nnew azure.storage.Bucket("backup");\nplant();\n';
		await write("index.ts", written);
		const second = await adopt("--force");
		assert.equal(second.code, 1);
		assert.match(second.stderr, /:\n- Bucket backup\n- what "\.\/plant" declares\nNothing was written\./);
		assert.equal((await readFiles())["index.ts"], written);
	}));
