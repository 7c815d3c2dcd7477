import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findTextFaults } from "../../contract/harness/messages.ts";
import { catchError } from "../../contract/scene.ts";
import { answerAlways, formatDevice, withHostileHub } from "./hostileServices.ts";
import {
	type Behave,
	CHUNKED_HEAD,
	floodSocket,
	formatChunk,
	formatHttpAnswer,
	MEGABYTE,
} from "./rawServer.ts";

/** Responses that lead to an error about this device, and the text of the error. */
const ENEMIES: Readonly<Record<string, { readonly behave: Behave; readonly says: RegExp }>> = {
	"a header of 200,000 characters": {
		behave: (socket) =>
			void socket.write(`HTTP/1.1 200 OK\r\nx-a: ${"a".repeat(200_000)}\r\ncontent-length: 2\r\n\r\n{}`),
		says: /UND_ERR_HEADERS_OVERFLOW/,
	},
	"headers without end": {
		behave: async (socket) => {
			socket.write("HTTP/1.1 200 OK\r\n");
			await floodSocket(socket, "x-a: b\r\n".repeat(1_000));
		},
		says: /UND_ERR_HEADERS_OVERFLOW/,
	},
	"100 Continue without end": {
		behave: (socket) => floodSocket(socket, "HTTP/1.1 100 Continue\r\n\r\n".repeat(100)),
		says: /UND_ERR_SOCKET/,
	},
	"a protocol that was not requested": {
		behave: (socket) => void socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n"),
		says: /the connection broke/,
	},
	"two lengths": {
		behave: (socket) =>
			void socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 70\r\n\r\n${formatDevice()}`),
		says: /the connection broke/,
	},
	"a negative length": {
		behave: (socket) => void socket.end(`HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n${formatDevice()}`),
		says: /HTTPParserError/,
	},
	"NUL in a header": {
		behave: (socket) => void socket.end(formatHttpAnswer(formatDevice(), "x-a: a\0b")),
		says: /HTTPParserError/,
	},
	"bare line feeds": {
		behave: (socket) => void socket.end(formatHttpAnswer(formatDevice()).replaceAll("\r\n", "\n")),
		says: /HTTPParserError/,
	},
	"a compressed body that was not requested": {
		behave: answerAlways("\x1f\x8b\x08\x00", "content-encoding: gzip"),
		says: /is not JSON/,
	},
	"a name in bytes that are not UTF-8": {
		behave: (socket) =>
			void socket.end(
				Buffer.from(formatHttpAnswer(formatDevice({ statusReason: "?" })).replace("?", "\xff"), "latin1"),
			),
		says: /the response is not UTF-8/,
	},
	"100,000 nested lists": {
		behave: answerAlways(formatDevice({ x: 0 }).replace(":0", `:${"[".repeat(1e5)}${"]".repeat(1e5)}`)),
		says: /is not JSON/,
	},
	"a content type of 9,000 characters": {
		behave: answerAlways("<", `content-type: text/${"x".repeat(9_000)}`),
		says: /is not JSON/,
	},
	"escape sequences of a terminal": {
		behave: answerAlways(
			JSON.stringify({
				Message: `ErrorCode:Bad;\u001b[2J\u009b31m\u202e\r\nall is well${"!".repeat(9_000)}`,
			}),
			`content-type: application/json\r\nx-ms-request-id: ${"r".repeat(9_000)}`,
			"400 Bad Request",
		),
		says: /all is well/,
	},
	"another device": {
		behave: answerAlways(formatDevice({ deviceId: "b", status: "disabled" })),
		says: /failed: the response is about another device, "b"$/,
	},
	"the same id in another case": {
		behave: answerAlways(formatDevice({ deviceId: "A" })),
		says: /failed: the response is about another device, "A"$/,
	},
	"an error code of 9,000 characters": {
		behave: answerAlways("{}", `iothub-errorcode: ${"c".repeat(9_000)}`, "400 Bad Request"),
		says: /failed \(400, \[secret\]\)/,
	},
};

describe("a hostile response to a lookup leads to a readable error:", () => {
	for (const [name, { behave, says }] of Object.entries(ENEMIES)) {
		test(name, () =>
			withHostileHub({ behave }, async ({ service, server }) => {
				const { message } = await catchError(service.functions.getDevice({ deviceId: "a" }));
				assert.match(message, /^looking up device "a" in hub fleet\.azure-devices\.net failed/);
				assert.match(message, says);
				assert.ok(message.length < 1_000, `${message.length} characters`);
				assert.deepEqual(findTextFaults(message, []), []);
				assert.ok(server.written < 8 * MEGABYTE, `${server.written} bytes were read`);
			}),
		);
	}

	test("an endless body, of which each attempt reads at most 64 MB", () => {
		const behave: Behave = async (socket) => {
			socket.write(CHUNKED_HEAD);
			await floodSocket(socket, formatChunk("x".repeat(MEGABYTE)));
		};
		return withHostileHub({ behave }, async ({ service, server }) => {
			const { message } = await catchError(service.functions.queryDevices({}));
			assert.match(message, /^querying devices in hub .*UND_ERR_RES_EXCEEDED_MAX_SIZE/);
			assert.ok(server.written / server.requests.length < 80 * MEGABYTE);
			assert.ok(server.requests.length <= 6);
		});
	});
});

test("the twin of another device makes an adoption fail", () => {
	const twin = {
		deviceEtag: "MQ==",
		etag: "AA==",
		status: "enabled",
		authenticationType: "sas",
		capabilities: {},
	};
	const behave: Behave = (socket, { line }) => {
		const body = line.startsWith("POST") ? [{ deviceId: "a" }] : { ...twin, deviceId: "b" };
		socket.write(formatHttpAnswer(JSON.stringify(body)));
	};
	return withHostileHub({ behave }, async ({ service }) => {
		const { message } = await catchError(service.findAdoptable({ exact: true }));
		assert.equal(message, 'reading the twin of device "a" failed: the response is about another device, "b"');
	});
});

describe("an unusual but correct response", () => {
	test("is not confused by a second one behind it on the same connection", () => {
		const behave: Behave = (socket) =>
			void socket.write(
				formatHttpAnswer(formatDevice()) + formatHttpAnswer(formatDevice({ deviceId: "smuggled" })),
			);
		return withHostileHub({ behave }, async ({ service }) => {
			for (let time = 0; time < 3; time++) {
				assert.equal((await service.functions.getDevice({ deviceId: "a" }))["deviceId"], "a");
			}
		});
	});

	test("may have members named like those of every object, and duplicate ones, of which the last counts", () => {
		const text = formatDevice().replace(
			"{",
			'{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"status":"disabled","status":"enabled",',
		);
		return withHostileHub({ behave: answerAlways(text) }, async ({ service }) => {
			const found = await service.functions.getDevice({ deviceId: "a" });
			assert.equal(found["status"], "enabled");
			assert.equal(found["polluted"], undefined);
			assert.equal(Object.getPrototypeOf(found), Object.prototype);
			assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
		});
	});

	test("to a query keeps such members as members", () =>
		withHostileHub({ behave: answerAlways('[{"__proto__":{"polluted":true}}]') }, async ({ service }) => {
			const [row = {}] = await service.functions.queryDevices({});
			assert.equal(row["polluted"], undefined);
			assert.deepEqual(Object.keys(row), ["__proto__"]);
		}));
});

describe("a query ends with an error if its pages lead", () => {
	let sent = 0;
	const PAGES: Readonly<Record<string, { readonly next: () => string; readonly says: RegExp }>> = {
		"to the same page again": { next: () => "here", says: /the same continuation twice/ },
		"to new pages without a row": {
			next: () => `page-${++sent}`,
			says: /more than 100 empty pages in a row/,
		},
	};
	for (const [name, { next, says }] of Object.entries(PAGES)) {
		test(name, () => {
			const behave: Behave = (socket) =>
				void socket.write(
					formatHttpAnswer("[]", `content-type: application/json\r\nx-ms-continuation: ${next()}`),
				);
			return withHostileHub({ behave }, async ({ service, server }) => {
				assert.match((await catchError(service.functions.queryDevices({}))).message, says);
				assert.ok(server.requests.length < 200);
			});
		});
	}
});

describe("an id arrives as data", () => {
	const paths: Readonly<Record<string, string>> = {
		"a%2e%2e": "a%252e%252e",
		"a/../b": "a%2F..%2Fb",
		"?x=1#y": "%3Fx%3D1%23y",
		"a'b": "a'b",
		"a\r\nx: y": "a%0D%0Ax%3A%20y",
		"a\0": "a%00",
		"...": "...",
	};
	for (const [deviceId, path] of Object.entries(paths)) {
		test(JSON.stringify(deviceId), () =>
			withHostileHub({ behave: answerAlways(formatDevice({ deviceId })) }, async ({ service, server }) => {
				await service.functions.getDevice({ deviceId });
				assert.deepEqual(
					server.requests.map(({ line }) => line),
					[`GET /devices/${path}?api-version=2021-04-12 HTTP/1.1`],
				);
			}),
		);
	}

	for (const deviceId of [".", "..", "\ud800"]) {
		test(`rejects ${JSON.stringify(deviceId)} without a request`, () =>
			withHostileHub({ behave: answerAlways(formatDevice()) }, async ({ service, server }) => {
				await assert.rejects(service.functions.getDevice({ deviceId }), /cannot be used as an id in a URL/);
				assert.equal(server.visits, 0);
			}));
	}
});
