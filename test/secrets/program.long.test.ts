import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { EXIT_FAILED, type Outcome, standIn } from "../engine/index.ts";
import { deviceIdentity, hubEnv, inFolder, showSecrets, writeState } from "../program/cli.ts";
import { atSite, fixture, type Site } from "../program/site.ts";
import { Search } from "./search.ts";

const key = (text: string): string => Buffer.from(text.padEnd(32, ".")).toString("base64");
const GIVEN = { primaryKey: key("a first key, given"), secondaryKey: key("a second key, given") };
const DEVICES = { pump: { authentication: { symmetricKey: GIVEN } }, tank: {} };

test("a program, its state, reports on it and what is adopted tell no secret from the first run to the last", () =>
	inFolder((folder) =>
		atSite(standIn(), { root: fixture("fleet") }, async (site) => {
			const { stack, emulator } = site;
			const texts: string[] = [];
			const secrets = new Set([...Object.values(GIVEN), policyKey(site)]);
			const note = async (outcome: Outcome): Promise<void> => {
				texts.push(JSON.stringify(outcome), outcome.output, JSON.stringify(await stack.exportState()));
				for (const secret of keysIn(site)) secrets.add(secret);
			};
			await stack.setConfig("devices", { secret: JSON.stringify(DEVICES) });
			await note(await stack.preview());
			await note(await stack.up());
			for (const id of ["pump", "tank"]) emulator.control.devices.rotateKeys(id);
			await note(await stack.preview());
			const plain = await writeState(folder, await showSecrets(await stack.exportState()));
			for (const format of ["table", "json", "sarif", "markdown"]) {
				const report = await deviceIdentity(["drift", "--state", plain, "--format", format], hubEnv(site));
				assert.equal(report.code, 2, report.stderr);
				texts.push(report.stdout, report.stderr);
			}
			const out = join(folder, "adopted");
			const adopted = await deviceIdentity(["adopt", "--out", out], hubEnv(site));
			texts.push(adopted.stdout, adopted.stderr, ...(await textsIn(out)));
			emulator.control.faults.add({
				match: { service: "iotHub", method: "PUT" },
				action: { kind: "status", status: 400, code: "ArgumentInvalid", message: JSON.stringify(GIVEN) },
			});
			const failed = await stack.up();
			assert.equal(failed.exitCode, EXIT_FAILED, failed.output);
			for (const run of [async () => failed, () => stack.refresh(), () => stack.up(), () => stack.destroy()])
				await note(await run());
			const search = new Search();
			search.silent("the program", texts, secrets);
			console.log(`A program of devices: ${search.told()}`);
		}),
	));

function policyKey({ emulator: { iotHub } }: Site): string {
	return /SharedAccessKey=(.+)$/.exec(iotHub.connectionString)?.[1] ?? "";
}

function keysIn({ emulator: { control } }: Site): string[] {
	const pairs = control.devices.list().map(({ authentication: { symmetricKey } }) => symmetricKey);
	return pairs
		.flatMap(({ primaryKey, secondaryKey }) => [primaryKey, secondaryKey])
		.filter((secret) => secret !== null);
}

async function textsIn(folder: string): Promise<string[]> {
	const names = await readdir(folder);
	assert.ok(names.includes("index.ts") && names.includes("import.json"), names.join());
	return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}
