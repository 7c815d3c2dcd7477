import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { installPulumi, type Run } from "./cli/pulumi.ts";

const { PATH, PULUMI_HOME } = process.env;
let home: string;

beforeEach(async () => {
	home = await mkdtemp(join(tmpdir(), "home-"));
	process.env["PATH"] = join(home, "nothing");
	process.env["PULUMI_HOME"] = home;
});
afterEach(async () => {
	process.env["PATH"] = PATH;
	if (PULUMI_HOME === undefined) delete process.env["PULUMI_HOME"];
	else process.env["PULUMI_HOME"] = PULUMI_HOME;
	await rm(home, { recursive: true });
});

/** Creates the files that the npm package leaves in its cache. */
async function createDownload(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"])
		await writeFile(join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
}

test("a missing CLI is downloaded by the npm package once, and found on PATH", async () => {
	const ran: string[] = [];
	const download: Run = async (command, args) => {
		ran.push([command, ...args].join(" "));
		const [, version = ""] = /pulumi@(\S+)/.exec(ran[0] ?? "") ?? [];
		await createDownload(join(home, "versions", version, "bin"));
	};
	const folder = (await installPulumi(download)) ?? "";
	assert.match(ran.join(), /^npx --yes pulumi@\d+\.\d+\.\d+ version$/);
	assert.ok(folder.startsWith(home));
	assert.equal(process.env["PATH"]?.split(":")[0], folder);

	process.env["PATH"] = join(home, "nothing");
	assert.equal(await installPulumi(() => Promise.reject(new Error("not again"))), folder);
});

test("a CLI on PATH is used as it is", async () => {
	const folder = join(home, "bin");
	await createDownload(folder);
	process.env["PATH"] = folder;
	assert.equal(await installPulumi(() => Promise.reject(new Error("not needed"))), undefined);
	assert.equal(process.env["PATH"], folder);
});

test("a failed download is an error with the reason, and PATH stays as it was", async () => {
	const path = process.env["PATH"];
	const refused = new Error("getaddrinfo ENOTFOUND get.pulumi.com");
	await assert.rejects(
		installPulumi(() => Promise.reject(refused)),
		(error: Error) => /can't be downloaded/.test(error.message) && error.cause === refused,
	);
	assert.equal(process.env["PATH"], path);
});
