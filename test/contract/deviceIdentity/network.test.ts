import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withConnectProxy, withEnvironment } from "../harness/environment.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const PRESS = { deviceId: "press" };
const TLS = { emulator: { tls: true, hostName: "fleet.azure-devices.net" } };
/** The hub at its own name, as in production. */
const BY_NAME = { config: { "iothub:endpoint": "" } };

/** A name server is not even asked for a label of more than 63 letters (RFC 1035 §2.3.4). */
const NOWHERE = `${"x".repeat(64)}.invalid`;

test(
	"a host that no name server knows is reported with advice, and not retried",
	withHub(async (hub) => {
		const { message } = await catchError(
			hub.deploy(PRESS, { config: { "iothub:endpoint": `https://${NOWHERE}` } }),
		);
		assert.match(
			message,
			/: there is no host of this name \(ENOTFOUND\)\. Check the host name, which is written in full/,
		);
		assert.deepEqual(hub.clock.pauses, []);
	}),
);

describe("TLS", () => {
	test(
		"with an authority named in caFile works",
		withHub(async (hub) => {
			const resource = await hub.deploy(PRESS);
			await assertDeviceInStep(hub, resource, PRESS);
		}, TLS),
	);
	test(
		"with an unknown authority ends with one clear error, and nothing is sent",
		withHub(async (hub) => {
			const { message } = await catchError(hub.deploy(PRESS, { config: { "iothub:caFile": "" } }));
			assert.match(message, /creating device "press" in hub fleet\.azure-devices\.net failed/);
			assert.match(message, /no trusted TLS connection \(\w+\).*`iothub:caFile`/);
			assert.deepEqual(hub.clock.pauses, []);
			assert.deepEqual(hub.asked(), []);
		}, TLS),
	);
	test(
		"with a certificate for another host is refused",
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
		"with a missing caFile is reported before anything else",
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
		"tunnels to the hub by its name, and sees no token",
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
		"that rejects the tunnel is reported, and nothing is sent",
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
		"that does not exist is reported",
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

/** Runs a test in an environment that names a proxy before the hub. */
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
