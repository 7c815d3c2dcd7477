import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemClock } from "../../../provider/http/clock.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { createTransport } from "../../../provider/http/transport.ts";
import { findTextFaults } from "../../contract/harness/messages.ts";
import { catchError } from "../../contract/scene.ts";
import { withHostileGraph, withHostileHub } from "./hostileServices.ts";
import { type Behave, ENDLESS, formatHttpAnswer, startRawServer } from "./rawServer.ts";

/** The shortest timeout that the setting allows. */
const SHORT = { "iothub:timeouts": "1s", "autopilot:timeouts": "1s" };
const SILENT: Behave = () => {};

function assertGivenUp({ message }: Error, what: string, verb: string): void {
	const rest = `(?:in hub \\S+ )?failed: gave up after 1 s, the time that \`timeouts\` allows for ${verb}\\.`;
	assert.match(message, new RegExp(`^${what} ${rest}`));
	assert.match(message, /the connection broke before the response was complete \(timeout\)$/);
	assert.deepEqual(findTextFaults(message, []), []);
}

describe("an operation ends at its timeout, whatever it waits for:", { concurrency: true }, () => {
	for (const [name, behave] of Object.entries(ENDLESS)) {
		test(`from a hub, ${name}`, () =>
			withHostileHub({ behave, config: SHORT }, async ({ service }) => {
				assertGivenUp(await catchError(service.functions.queryDevices({})), "querying devices", "read");
			}));

		test(`from Graph, ${name}`, () =>
			withHostileGraph({ behave, config: SHORT }, async ({ service }) => {
				assertGivenUp(await catchError(service.functions.listMachines({})), "listing machines", "read");
			}));
	}

	test("from a hub, a TLS handshake that never ends", () =>
		withHostileHub({ behave: SILENT, scheme: "https", config: SHORT }, async ({ service, server }) => {
			assertGivenUp(await catchError(service.functions.queryDevices({})), "querying devices", "read");
			assert.equal(server.visits, 1);
		}));

	test("from Graph, a TLS handshake that never ends", () =>
		withHostileGraph({ behave: SILENT, scheme: "https", config: SHORT }, async ({ service, server }) => {
			assertGivenUp(await catchError(service.functions.listMachines({})), "listing machines", "read");
			assert.equal(server.visits, 1);
		}));

	test("from a hub, the response to a write with an unknown outcome", () =>
		withHostileHub({ behave: SILENT, config: SHORT }, async ({ service, server }) => {
			const { message } = await catchError(service.deviceIdentity.create({ deviceId: "a" }));
			assert.match(
				message,
				/^DeviceIdentity a may or may not have been created: the response was lost \(creating /,
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

	test("from Graph, the response to an import with an unknown outcome", () => {
		const behave: Behave = (socket, { line }) => {
			if (line.startsWith("GET")) socket.write(formatHttpAnswer('{"value":[]}'));
		};
		return withHostileGraph({ behave, config: SHORT }, async ({ service, server }) => {
			const inputs = { serialNumber: "S-1", hardwareIdentifier: "T0E=" };
			const { message } = await catchError(service.autopilotIdentity.create(inputs));
			assert.match(
				message,
				/^The machine "S-1" may or may not have been imported: the response was lost \(importing /,
			);
			assert.match(
				message,
				/Once the service responds, run the command again, which continues with the import if it was queued\./,
			);
			assert.deepEqual(findTextFaults(message, []), []);
			assert.equal(server.requests.filter(({ line }) => line.startsWith("POST")).length, 1);
		});
	});
});

describe("an operation abandons a single response long before its own timeout:", {
	concurrency: true,
}, () => {
	/** Returns the network error's text. */
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

test("an operation ends at its timeout if a proxy does not open a tunnel", async () => {
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
