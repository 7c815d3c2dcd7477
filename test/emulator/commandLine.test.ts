import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { USAGE } from "./commandLine.ts";
import { createSharedAccessToken, parseConnectionString } from "./testing/hubClient.ts";

/** How the command line ended. */
interface Ended {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

function run(...args: string[]): { child: ChildProcess; line: () => Promise<string>; ended: Promise<Ended> } {
	const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "main.ts"), ...args], {
		stdio: "pipe",
	});
	const said = { stdout: "", stderr: "" };
	for (const name of ["stdout", "stderr"] as const) {
		child[name].setEncoding("utf8").on("data", (part: string) => {
			said[name] += part;
		});
	}
	const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...said }));
	const ready = new Promise<string>((resolve) => {
		child.stdout.on("data", () => said.stdout.includes("\n") && resolve(said.stdout));
	});
	return {
		child,
		ended,
		line: () => Promise.race([ready, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]),
	};
}

test("prints one line when ready, serves over TLS, and ends with 0 on SIGTERM", async () => {
	const folder = mkdtempSync(join(tmpdir(), "emulator-test-"));
	const faults = join(folder, "faults.json");
	writeFileSync(faults, JSON.stringify([{ nth: 2, action: { kind: "throttle", retryAfter: 1 } }]));
	const { child, line, ended } = run(
		"--tls",
		"--host-name",
		"fleet.azure-devices.net",
		"--faults",
		faults,
		"--sku",
		"s1",
		"--time-scale",
		"0",
		"--autopilot-profile",
		"seed",
	);
	const ready = JSON.parse(await line());
	assert.deepEqual(Object.keys(ready), ["iotHub", "entra", "graph", "control", "caFile"]);
	assert.deepEqual(Object.keys(ready.iotHub), ["url", "hostName", "connectionString"]);
	assert.equal(ready.iotHub.hostName, "fleet.azure-devices.net");
	assert.match(
		ready.iotHub.connectionString,
		/^HostName=fleet\.azure-devices\.net;SharedAccessKeyName=iothubowner;SharedAccessKey=[A-Za-z0-9+/]{43}=$/,
	);
	for (const name of ["authority", "tenantId", "clientId", "clientSecret"])
		assert.equal(typeof ready.entra[name], "string");
	const ca = readFileSync(ready.caFile, "utf8");
	const { key, policy } = parseConnectionString(ready.iotHub.connectionString);
	const authorization = createSharedAccessToken({ resource: "fleet.azure-devices.net", key, policy });
	const status = async (servername: string) => {
		const { port } = new URL(ready.iotHub.url);
		const options = {
			host: "127.0.0.1",
			port,
			servername,
			ca,
			path: "/devices?api-version=2021-04-12",
			headers: { authorization },
		};
		const outgoing = request({ ...options, agent: false }).end();
		const [incoming] = await once(outgoing, "response");
		incoming.resume();
		return incoming.statusCode;
	};
	assert.equal(await status("fleet.azure-devices.net"), 200);
	assert.equal(await status("localhost"), 429);
	await assert.rejects(status("other.example"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
	assert.ok(ready.control.url.startsWith("http://127.0.0.1:"));
	assert.deepEqual(ready.graph, { url: ready.entra.authority });
	const autopilot = (await (await fetch(`${ready.control.url}/autopilot`)).json()) as { profile: string };
	assert.equal(autopilot.profile, "seed");
	const counts = (await (await fetch(`${ready.control.url}/counts`)).json()) as { routes: object };
	assert.deepEqual(counts.routes, { "GET /devices": 2 });
	child.kill("SIGTERM");
	const { code, stdout, stderr } = await ended;
	assert.deepEqual([code, stdout.split("\n").length, stderr], [0, 2, ""]);
	assert.throws(() => readFileSync(ready.caFile), { code: "ENOENT" });
	rmSync(folder, { recursive: true });
});

test("plain HTTP: control and hub share a port; SIGINT ends it too", async () => {
	const { child, line, ended } = run();
	const ready = JSON.parse(await line());
	assert.equal(ready.caFile, undefined);
	assert.equal(ready.iotHub.hostName, new URL(ready.iotHub.url).host);
	assert.equal(new URL(ready.control.url).port, new URL(ready.iotHub.url).port);
	child.kill("SIGINT");
	assert.equal((await ended).code, 0);
});

test("--help prints the usage; a flag that makes no sense is one line on standard error and exit code 2", async () => {
	const wrong = [
		["--nonsense"],
		["--port", "70000"],
		["--sku", "B9"],
		["--faults", "/no/such/file"],
		["stray"],
		["--units", "2"],
		["--autopilot-profile", "dead"],
	];
	const [help, ...ends] = await Promise.all([
		run("--help").ended,
		...wrong.map((args) => run(...args).ended),
	]);
	assert.deepEqual(help, { code: 0, stdout: USAGE, stderr: "" });
	for (const { code, stdout, stderr } of ends) {
		assert.deepEqual([code, stdout], [2, ""]);
		assert.match(stderr, /^emulator: .+\n$/);
	}
});
