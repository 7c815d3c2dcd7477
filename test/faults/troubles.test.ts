import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemClock } from "../../provider/http/clock.ts";
import type { Request, Response } from "../../provider/http/message.ts";
import { transport } from "../../provider/http/transport.ts";
import { answer, type Behave, rawServer } from "../hostile/rawServer.ts";
import { requestWith } from "../provider/http/exchange.ts";
import { selfSigned } from "./selfSigned.ts";
import { TROUBLES } from "./troubles.ts";

const BODY = '{"deviceId":"press-1"}';

/** The real thing for each trouble of the matrix that is no mere answer. */
const REAL: Readonly<Record<string, Behave>> = {
	"reset before the service acted": (socket) => void socket.destroy(),
	"half of the answer": (socket) => {
		socket.end(answer(BODY).slice(0, -10));
	},
	"half of the answer under its own length": (socket) => {
		socket.end(answer(BODY.slice(0, BODY.length / 2)));
	},
	"redirect to another origin": (socket) => {
		socket.end(answer("", "location: https://elsewhere.example/elsewhere", "307 Temporary Redirect"));
	},
};

describe("a trouble of the matrix is what the network makes of the real one", () => {
	for (const [name, behave] of Object.entries(REAL)) {
		test(name, async () => {
			const server = await rawServer(behave);
			try {
				const request = requestWith(systemClock, { url: new URL("/devices/a", server.origin) });
				assert.deepEqual(await outcomeOf(transport()(request)), await madeUp(name, request));
			} finally {
				await server.close();
			}
		});
	}

	test("connection refused", async () => {
		const request = requestWith(systemClock, { url: new URL("http://127.0.0.1:1/devices/a") });
		assert.deepEqual(await outcomeOf(transport()(request)), await madeUp("connection refused", request));
	});

	test("TLS failure", async () => {
		const server = await selfSigned();
		try {
			const request = requestWith(systemClock, { url: new URL("/devices/a", server.origin) });
			assert.deepEqual(await outcomeOf(transport()(request)), await madeUp("TLS failure", request));
		} finally {
			await server.close();
		}
	});
});

async function madeUp(name: string, request: Request): Promise<unknown> {
	const trouble = TROUBLES.find((each) => each.name === name);
	assert.ok(trouble, `the matrix has no trouble ${name}`);
	const ask = async () => ({ status: 200, headers: { "content-type": "application/json" }, text: BODY });
	return outcomeOf(trouble.happen({ request, ask, jump: () => {} }));
}

/** The answer, or what tells errors apart. */
async function outcomeOf(sent: Promise<Response>): Promise<unknown> {
	return sent.then(
		({ status, text, headers }) => ({ status, text, location: headers["location"] }),
		(error: Error & { passing?: boolean }) => ({
			name: error.name,
			message: error.message,
			passing: error.passing,
		}),
	);
}
