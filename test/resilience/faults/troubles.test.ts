import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { systemClock } from "../../../provider/http/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../provider/http/pipeline.ts";
import { createTransport } from "../../../provider/http/transport.ts";
import { makeCertificates } from "../../emulator/certificates.ts";
import { createRequest } from "../../unit/doubles.ts";
import { type Behave, formatHttpAnswer, startRawServer } from "../hostile/rawServer.ts";
import { TROUBLES } from "./troubles.ts";

const BODY = '{"deviceId":"press-1"}';

/** The real cause of each fault of the matrix that is more than a response. */
const REAL: Readonly<Record<string, Behave>> = {
	"reset before the service acted": (socket) => void socket.destroy(),
	"half of the response": (socket) => {
		socket.end(formatHttpAnswer(BODY).slice(0, -10));
	},
	"half of the response under its own length": (socket) => {
		socket.end(formatHttpAnswer(BODY.slice(0, BODY.length / 2)));
	},
	"redirect to another origin": (socket) => {
		socket.end(
			formatHttpAnswer("", "location: https://elsewhere.example/elsewhere", "307 Temporary Redirect"),
		);
	},
};

describe("a fault of the matrix looks like the real one:", () => {
	for (const [name, behave] of Object.entries(REAL)) {
		test(name, async () => {
			const server = await startRawServer(behave);
			try {
				const request = createRequest(systemClock, { url: new URL("/devices/a", server.origin) });
				assert.deepEqual(await describeOutcome(createTransport()(request)), await playTrouble(name, request));
			} finally {
				await server.close();
			}
		});
	}

	test("connection refused", async () => {
		const request = createRequest(systemClock, { url: new URL("http://127.0.0.1:1/devices/a") });
		assert.deepEqual(
			await describeOutcome(createTransport()(request)),
			await playTrouble("connection refused", request),
		);
	});

	test("TLS failure", async () => {
		const server = await makeSelfSigned();
		try {
			const request = createRequest(systemClock, { url: new URL("/devices/a", server.origin) });
			assert.deepEqual(
				await describeOutcome(createTransport()(request)),
				await playTrouble("TLS failure", request),
			);
		} finally {
			await server.close();
		}
	});
});

async function playTrouble(name: string, request: HttpRequest): Promise<unknown> {
	const trouble = TROUBLES.find((each) => each.name === name);
	assert.ok(trouble, `the matrix has no fault ${name}`);
	const ask = async () => ({ status: 200, headers: { "content-type": "application/json" }, text: BODY });
	return describeOutcome(trouble.happen({ request, ask, jump: () => {} }));
}

/** Returns the response, or what distinguishes errors. */
async function describeOutcome(sent: Promise<HttpResponse>): Promise<unknown> {
	return sent.then(
		({ status, text, headers }) => ({ status, text, location: headers["location"] }),
		(error: Error & { isTransient?: boolean }) => ({
			name: error.name,
			message: error.message,
			isTransient: error.isTransient,
		}),
	);
}

/** A TLS server whose certificate authority is unknown. */
export interface SelfSigned {
	readonly origin: string;
	close(): Promise<void>;
}

/** Starts a server with a self-signed certificate on loopback. */
export async function makeSelfSigned(): Promise<SelfSigned> {
	const { tls, remove } = await makeCertificates(["localhost"]);
	const server = createServer(
		{ cert: tls.cert, key: tls.key },
		(_request, response) => void response.end("{}"),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `https://localhost:${port}`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await remove();
		},
	};
}
