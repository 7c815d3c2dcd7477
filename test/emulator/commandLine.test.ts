import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { USAGE } from "./commandLine.ts";
import { createSharedAccessToken, parseConnectionString } from "./testing/hubClient.ts";

/** The result of a command line. */
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

test("--list-lag and --deletion-delay set the delays of both services, in seconds", async () => {
	const { child, line, ended } = run("--list-lag", "90", "--deletion-delay", "300", "--time-scale", "0");
	const ready = JSON.parse(await line());
	const readSwitches = async (path: string) =>
		(await (await fetch(`${ready.control.url}/${path}`)).json()) as Record<string, unknown>;
	const [hub, autopilot] = [await readSwitches("switches"), await readSwitches("autopilot")];
	for (const name of ["createdIndexLag", "changedIndexLag", "deletedIndexLag"])
		assert.equal(hub[name], 90_000, name);
	assert.equal(hub["createdReadLag"], 0);
	for (const name of [
		"listDelay",
		"listRemovalDelay",
		"identityListDelay",
		"identityListRemovalDelay",
		"uploadListDelay",
	])
		assert.equal(autopilot[name], 90_000, name);
	assert.equal(autopilot["deleteDelay"], 300_000);
	child.kill("SIGTERM");
	assert.equal((await ended).code, 0);
});

test("without TLS, control and hub share a port; SIGINT ends it too", async () => {
	const { child, line, ended } = run();
	const ready = JSON.parse(await line());
	assert.equal(ready.caFile, undefined);
	assert.equal(ready.iotHub.hostName, new URL(ready.iotHub.url).host);
	assert.equal(new URL(ready.control.url).port, new URL(ready.iotHub.url).port);
	child.kill("SIGINT");
	assert.equal((await ended).code, 0);
});

/** Runs lines in a shell in which `pulumi` prints its arguments, and returns the shell's output. */
function runInShell(lines: string): string[] {
	const script = `pulumi() { printf '%s ' "$@"; echo; }\n${lines}env | grep -E '^(IOTHUB|AUTOPILOT|AZURE|IDENTITY|NODE_EXTRA)_' | sort`;
	return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8", env: { PATH: process.env["PATH"] } })
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => line.trim());
}

test("--env prints lines for a shell, with a sign-in that works with and without TLS", async () => {
	const [plain, tls] = [run("--env"), run("--env", "--tls")];
	const [plainLines, tlsLines] = [runInShell(await plain.line()), runInShell(await tls.line())];
	const getNames = (lines: readonly string[]) => lines.map((line) => line.split("=")[0]);
	assert.deepEqual(getNames(plainLines), [
		"AUTOPILOT_CREDENTIAL",
		"AUTOPILOT_ENDPOINT",
		"IDENTITY_ENDPOINT",
		"IDENTITY_HEADER",
		"IOTHUB_CONNECTION_STRING",
		"IOTHUB_ENDPOINT",
	]);
	assert.ok(plainLines.includes("AUTOPILOT_CREDENTIAL=managedIdentity"));
	assert.deepEqual(getNames(tlsLines), [
		"AUTOPILOT_CREDENTIAL",
		"AUTOPILOT_ENDPOINT",
		"AZURE_AUTHORITY_HOST",
		"AZURE_CLIENT_ID",
		"AZURE_CLIENT_SECRET",
		"AZURE_TENANT_ID",
		"IOTHUB_CONNECTION_STRING",
		"IOTHUB_ENDPOINT",
		"NODE_EXTRA_CA_CERTS",
	]);
	const [, hub = ""] = plainLines.at(-1)?.split("=") ?? [];
	const { key, policy, hostName } = parseConnectionString(
		plainLines.find((line) => line.startsWith("IOTHUB_CONNECTION"))?.replace(/^\w+=/, "") ?? "",
	);
	const authorization = createSharedAccessToken({ resource: encodeURIComponent(hostName), key, policy });
	const reply = await fetch(`${hub}/devices?api-version=2021-04-12`, { headers: { authorization } });
	assert.equal(reply.status, 200);
	for (const { child, ended } of [plain, tls]) {
		child.kill("SIGTERM");
		assert.equal((await ended).code, 0);
	}
});

test("--config prints the same for a stack, secrets marked as such", async () => {
	const { child, line, ended } = run("--config", "--tls");
	const lines = runInShell(await line());
	const commands = lines.filter((command) => command.startsWith("config set "));
	assert.deepEqual(
		commands.map((command) => command.replace(/ [^ ]+$/, "")),
		[
			"config set --secret iothub:connectionString",
			"config set iothub:endpoint",
			"config set autopilot:endpoint",
			"config set autopilot:credential",
			"config set autopilot:authorityHost",
			"config set autopilot:tenantId",
			"config set autopilot:clientId",
			"config set --secret autopilot:clientSecret",
		],
	);
	assert.match(lines.at(-1) ?? "", /^NODE_EXTRA_CA_CERTS=.+ca\.pem$/);
	child.kill("SIGTERM");
	assert.equal((await ended).code, 0);
});

test("--help prints the usage; an invalid option prints one line on standard error and exits with 2", async () => {
	const wrong = [
		["--nonsense"],
		["--port", "70000"],
		["--sku", "B9"],
		["--faults", "/no/such/file"],
		["stray"],
		["--units", "2"],
		["--autopilot-profile", "dead"],
		["--env", "--config"],
		["--list-lag", "soon"],
		["--deletion-delay", "-1"],
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
