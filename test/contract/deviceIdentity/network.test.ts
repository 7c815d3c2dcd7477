import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withConnectProxy, withEnvironment } from "../harness/environment.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const PRESS = { deviceId: "press" };
const TLS = { emulator: { tls: true, hostName: "fleet.azure-devices.net" } };
/** The hub under its own host name, as in production. */
const BY_NAME = { config: { "iothub:endpoint": "" } };

/** No name server is queried for a label of more than 63 letters (RFC 1035 §2.3.4). */
const NOWHERE = `${"x".repeat(64)}.invalid`;

test(
	"an unknown host is reported with a remedy, and not retried",
	withHub(async (hub) => {
		const { message } = await catchError(
			hub.deploy(PRESS, { config: { "iothub:endpoint": `https://${NOWHERE}` } }),
		);
		assert.match(message, /: no host has this name \(ENOTFOUND\)\. Check that the host name is complete/);
		assert.deepEqual(hub.clock.pauses, []);
	}),
);

describe("TLS", () => {
	test(
		"works with a certificate authority from caFile",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS);
			await assertDeviceInStep(hub, resource, PRESS);
		}, TLS),
	);
	test(
		"fails with one error for an unknown certificate authority, before anything is sent",
		withHub(async (hub) => {
			const { message } = await catchError(hub.deploy(PRESS, { config: { "iothub:caFile": "" } }));
			assert.match(message, /creating device "press" in hub fleet\.azure-devices\.net failed/);
			assert.match(message, /no trusted TLS connection \(\w+\).*`iothub:caFile`/);
			assert.deepEqual(hub.clock.pauses, []);
			assert.deepEqual(hub.asked(), []);
		}, TLS),
	);
	test(
		"fails for the certificate of another host",
		withHub(
			(hub) =>
				testThroughProxy(hub, {}, async () => {
					const string = hub.emulator.iotHub.connectionString.replace("fleet", "other");
					const config = { "iothub:endpoint": "", "iothub:connectionString": string };
					const { message } = await catchError(hub.deploy(PRESS, { config }));
					assert.match(
						message,
						/other\.azure-devices\.net.*no trusted TLS connection \(ERR_TLS_CERT_ALTNAME/,
					);
					assert.match(message, /Check the host name/);
					assert.deepEqual(hub.asked(), []);
				}),
			TLS,
		),
	);
	test(
		"fails for a missing caFile before anything else",
		withHub(async (hub) => {
			assert.throws(
				() => hub.open({ config: { "iothub:caFile": "nowhere.pem" } }),
				/iothub:caFile names the file "nowhere\.pem"/,
			);
		}, TLS),
	);
});

describe("A proxy in HTTPS_PROXY", () => {
	test(
		"opens a tunnel to the host name of the hub, and receives no token",
		withHub(
			(hub) =>
				testThroughProxy(hub, {}, async (proxy) => {
					const resource = await hub.deploy(PRESS, BY_NAME);
					await resource.up({ ...PRESS, status: "disabled" });
					await resource.destroy();
					assert.deepEqual([...new Set(proxy.asked)], ["fleet.azure-devices.net:443"]);
					assert.ok(!proxy.seen.join().toLowerCase().includes("authorization"));
				}),
			TLS,
		),
	);
	test(
		"is not used for hosts in NO_PROXY",
		withHub(
			(hub) =>
				testThroughProxy(hub, {}, (proxy) =>
					withEnvironment({ NO_PROXY: "localhost" }, async () => {
						await hub.deploy(PRESS);
						assert.deepEqual(proxy.asked, []);
					}),
				),
			TLS,
		),
	);
	test(
		"is reported if it rejects the tunnel, and nothing is sent",
		withHub(
			(hub) =>
				testThroughProxy(hub, { refusal: "407 Proxy Authentication Required" }, async () => {
					const { message } = await catchError(hub.deploy(PRESS, { ...BY_NAME, timeout: "60s" }));
					assert.match(message, /creating device "press".*the proxy refused the connection \(.*407/);
					assert.doesNotMatch(message, /may or may not have been created/);
					assert.deepEqual(hub.asked(), []);
				}),
			TLS,
		),
	);
	test(
		"is reported if it does not exist",
		withHub(
			(hub) =>
				withEnvironment({ HTTPS_PROXY: "http://127.0.0.1:1" }, async () => {
					const { message } = await catchError(hub.deploy(PRESS, BY_NAME));
					assert.match(message, /press.*no connection \(ECONNREFUSED\)/);
				}),
			TLS,
		),
	);
});

/** Runs a test in an environment with a proxy in front of the hub. */
function testThroughProxy(
	hub: HubStage,
	options: { readonly refusal?: string },
	test: Parameters<typeof withConnectProxy>[1],
): Promise<void> {
	const port = Number(new URL(hub.emulator.iotHub.url).port);
	return withConnectProxy({ port, ...options }, (proxy) =>
		withEnvironment({ HTTPS_PROXY: proxy.url }, () => test(proxy)),
	);
}
