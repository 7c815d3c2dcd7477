import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemClock } from "../../../provider/http/clock.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { createTransport } from "../../../provider/http/transport.ts";
import { findTextFaults } from "../../contract/harness/messages.ts";
import { catchError } from "../../contract/scene.ts";
import { withHostileGraph, withHostileHub } from "./hostileServices.ts";
import { type Behave, ENDLESS, formatHttpAnswer, startRawServer } from "./rawServer.ts";

/** The shortest time that the setting can say. */
const SHORT = { "iothub:timeouts": "1s", "autopilot:timeouts": "1s" };
const SILENT: Behave = () => {};

function assertGivenUp({ message }: Error, what: string, verb: string): void {
	const rest = `(?:in hub \\S+ )?failed: gave up after 1 s, the time that \`timeouts\` allows for ${verb}\\.`;
	assert.match(message, new RegExp(`^${what} ${rest}`));
	assert.match(message, /the connection broke before the response was complete \(timeout\)$/);
	assert.deepEqual(findTextFaults(message, []), []);
}

describe("an operation is over when its time is, whatever it waits for:", { concurrency: true }, () => {
	for (const [name, behave] of Object.entries(ENDLESS)) {
		test(`of a hub ${name}`, () =>
			withHostileHub({ behave, config: SHORT }, async ({ service }) => {
				assertGivenUp(await catchError(service.functions.queryDevices({})), "querying devices", "read");
			}));

		test(`of Graph ${name}`, () =>
			withHostileGraph({ behave, config: SHORT }, async ({ service }) => {
				assertGivenUp(await catchError(service.functions.listMachines({})), "listing machines", "read");
			}));
	}

	test("of a hub a TLS handshake that never ends", () =>
		withHostileHub({ behave: SILENT, scheme: "https", config: SHORT }, async ({ service, server }) => {
			assertGivenUp(await catchError(service.functions.queryDevices({})), "querying devices", "read");
			assert.equal(server.visits, 1);
		}));

	test("of Graph a TLS handshake that never ends", () =>
		withHostileGraph({ behave: SILENT, scheme: "https", config: SHORT }, async ({ service, server }) => {
			assertGivenUp(await catchError(service.functions.listMachines({})), "listing machines", "read");
			assert.equal(server.visits, 1);
		}));

	test("of a hub the answer to a write, of which nobody knows whether it was carried out", () =>
		withHostileHub({ behave: SILENT, config: SHORT }, async ({ service, server }) => {
			const { message } = await catchError(service.deviceIdentity.create({ deviceId: "a" }));
			assert.match(
				message,
				/^DeviceIdentity a may have been created or not: the answer was lost \(creating /,
			);
			assert.match(
				message,
				/the time that `timeouts` allows for create.*set `adopt: true` on it for that run/,
			);
			assert.deepEqual(findTextFaults(message, []), []);
			assert.deepEqual(
				server.requests.map(({ line }) => line.split(" ")[0]),
				["PUT"],
			);
		}));

	test("of Graph the answer to an import, of which nobody knows whether it was queued", () => {
		const behave: Behave = (socket, { line }) => {
			if (line.startsWith("GET")) socket.write(formatHttpAnswer('{"value":[]}'));
		};
		return withHostileGraph({ behave, config: SHORT }, async ({ service, server }) => {
			const inputs = { serialNumber: "S-1", hardwareIdentifier: "T0E=" };
			const { message } = await catchError(service.autopilotIdentity.create(inputs));
			assert.match(
				message,
				/^AutopilotIdentity S-1 may have been created or not: the answer was lost \(importing /,
			);
			assert.match(
				message,
				/the time that `timeouts` allows for create.*set `adopt: true` on it for that run/,
			);
			assert.deepEqual(findTextFaults(message, []), []);
			assert.equal(server.requests.filter(({ line }) => line.startsWith("POST")).length, 1);
		});
	});
});

describe("an operation that has time enough gives a single answer up:", { concurrency: true }, () => {
	/** What the error of the network says. */
	async function catchFault(
		behave: Behave,
		{ scheme = "http", timeouts = { connectMs: 100, responseMs: 150 } } = {},
	) {
		const server = await startRawServer(behave);
		try {
			const answered = createTransport({ timeouts })({
				method: "GET",
				url: new URL(`${scheme}://${server.host}/`),
				headers: {},
				repeatable: true,
				meter: "registry",
				deadline: new Deadline("read", 20 * 60_000, systemClock),
			});
			return (await catchError(answered)).message;
		} finally {
			await server.close();
		}
	}

	for (const [name, behave] of Object.entries(ENDLESS)) {
		test(name, async () => {
			assert.match(
				await catchFault(behave),
				/the connection broke before the response was complete \((?:timeout|UND_ERR_(?:HEADERS|BODY)_TIMEOUT)\)$/,
			);
		});
	}

	test("a TLS handshake that never ends", async () => {
		const timeouts = { connectMs: 100, responseMs: 60_000 };
		assert.match(
			await catchFault(SILENT, { scheme: "https", timeouts }),
			/no connection \(UND_ERR_CONNECT_TIMEOUT\)$/,
		);
	});
});

test("an operation is over when its time is, whatever a proxy does that opens no tunnel", async () => {
	const proxy = await startRawServer(SILENT);
	process.env["HTTPS_PROXY"] = proxy.origin;
	try {
		await withHostileHub({ behave: SILENT, scheme: "https", config: SHORT }, async ({ service, server }) => {
			assertGivenUp(await catchError(service.functions.queryDevices({})), "querying devices", "read");
			assert.equal(proxy.visits, 1);
			assert.equal(server.visits, 0);
		});
	} finally {
		delete process.env["HTTPS_PROXY"];
		await proxy.close();
	}
});
