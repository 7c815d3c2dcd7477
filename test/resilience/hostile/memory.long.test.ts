import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { findTextFaults } from "../../contract/harness/messages.ts";
import {
	type Behave,
	CHUNKED_HEAD,
	FLOODS,
	floodSocket,
	formatChunk,
	formatHttpAnswer,
	MEGABYTE,
	type RawServer,
	startRawServer,
} from "./rawServer.ts";
import { type Outcome, runVictim, type Work } from "./victim.ts";

/** The size of the longest response that is read. */
const WHOLE = 63 * MEGABYTE;
/**
 * Node.js and the loader take 100 MB, values at most 400 MB. The rest are the bytes of six attempts of 64 MB each and
 * copies of them, whose number varies.
 */
const MOST = 1_500 * MEGABYTE;

type Enemy = Pick<Work, "act" | "time"> & { readonly behave: Behave; readonly says: RegExp };

const TOO_LARGE = /UND_ERR_RES_EXCEEDED_MAX_SIZE/;
const NO_JSON = /is not JSON/;
const TOO_LONG = /the list does not end, or does not fit into this process's memory \(more than \d+ MB\)/;

/** Sends a first part, and then the same text repeatedly for as long as it is read. */
function pourText(first: string, text: string): Behave {
	return (socket) => {
		socket.write(first);
		return floodSocket(socket, text);
	};
}

/** Responds to everything with the same text, created at the first request. */
function answerMade(make: () => string | Buffer): Behave {
	let text: string | Buffer | undefined;
	return (socket) => {
		text ??= make();
		socket.write(text);
	};
}

/** Responds with a list that repeats the same item, within other text. */
function answerFilled(item: string, [begin, end] = ["[", "]"]): Behave {
	return answerMade(() =>
		formatHttpAnswer(`${begin}${`${item},`.repeat(WHOLE / (item.length + 1) - 8)}${item}${end}`),
	);
}

/** Responds with members or objects that all differ. */
function answerUnlike(item: (number: number) => string, [begin, end] = ["[", "]"]): Behave {
	return answerMade(() =>
		formatHttpAnswer(begin + Array.from({ length: WHOLE / 16 }, (_, at) => item(at)).join(",") + end),
	);
}

/** Responds with endless pages of a query. */
function answerPages(rows: (page: number) => readonly unknown[]): Behave {
	return (socket, _request, number) =>
		void socket.write(formatHttpAnswer(JSON.stringify(rows(number)), `x-ms-continuation: page-${number}`));
}

/** Responds with endless pages of a Graph list. */
function answerLinkedPages(rows: (page: number) => readonly unknown[]): Behave {
	return (socket, _request, number) => {
		const link = `/v1.0/deviceManagement/x?page=${number}`;
		socket.write(formatHttpAnswer(JSON.stringify({ value: rows(number), "@odata.nextLink": link })));
	};
}

const createMany = <Item>(count: number, item: (at: number) => Item): Item[] =>
	Array.from({ length: count }, (_, at) => item(at));

const ENEMIES: Readonly<Record<string, Enemy>> = {
	"an endless body": {
		act: "devices",
		behave: pourText(CHUNKED_HEAD, formatChunk("x".repeat(MEGABYTE))),
		says: TOO_LARGE,
	},
	"an endless string": {
		act: "devices",
		behave: pourText(CHUNKED_HEAD + formatChunk('["'), formatChunk("x".repeat(MEGABYTE))),
		says: TOO_LARGE,
	},
	"a string of hundreds of megabytes, with its length": {
		act: "machines",
		behave: pourText(`HTTP/1.1 200 OK\r\ncontent-length: ${400 * MEGABYTE}\r\n\r\n["`, "x".repeat(MEGABYTE)),
		says: TOO_LARGE,
	},
	"a string that is just short enough": {
		act: "machine",
		behave: answerMade(() => formatHttpAnswer(`"${"x".repeat(WHOLE)}"`)),
		says: /the response is not a machine/,
	},
	"endless headers": {
		act: "device",
		behave: pourText("HTTP/1.1 200 OK\r\n", "x-a: b\r\n".repeat(1_000)),
		says: /UND_ERR_HEADERS_OVERFLOW/,
	},
	"endless trailers": {
		act: "devices",
		behave: pourText(`${CHUNKED_HEAD}2\r\n[]\r\n0\r\n`, "x-a: b\r\n".repeat(1_000)),
		says: /UND_ERR_HEADERS_OVERFLOW/,
	},
	"an endless error": {
		act: "device",
		behave: pourText(
			"HTTP/1.1 500 x\r\ntransfer-encoding: chunked\r\n\r\n",
			formatChunk("x".repeat(MEGABYTE)),
		),
		says: TOO_LARGE,
	},
	"a compressed gigabyte, which is never unpacked": {
		act: "devices",
		behave: answerMade(() => {
			const body = gzipSync(Buffer.alloc(1024 * MEGABYTE, " "));
			const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
			return Buffer.concat([Buffer.from(head), body]);
		}),
		says: /the response is not UTF-8/,
	},
	"millions of empty objects": { act: "devices", behave: answerFilled("{}"), says: NO_JSON },
	"millions of empty lists": { act: "devices", behave: answerFilled("[]"), says: NO_JSON },
	"millions of numbers": { act: "devices", behave: answerFilled("0"), says: NO_JSON },
	"millions of empty machines": {
		act: "machines",
		behave: answerFilled("{}", ['{"value":[', "]}"]),
		says: NO_JSON,
	},
	"millions of objects, each unlike the others": {
		act: "devices",
		behave: answerUnlike((number) => `{"a${number}":0}`),
		says: NO_JSON,
	},
	"an object of millions of members": {
		act: "machine",
		behave: answerUnlike((number) => `"a${number}":0`, ["{", "}"]),
		says: NO_JSON,
	},
	"an import response with millions of members": {
		act: "import",
		behave: (socket, { line }) => {
			if (line.startsWith("GET")) socket.write(formatHttpAnswer('{"value":[]}'));
			else void ENEMIES["an object of millions of members"]?.behave(socket, { line, head: "" }, 1);
		},
		says: NO_JSON,
	},
	"as many rows as a response may have, repeatedly": {
		act: "devices",
		behave: answerPages(() => createMany(1_000_000, () => ({}))),
		says: TOO_LONG,
	},
	"endless pages": {
		act: "devices",
		behave: answerPages((page) => createMany(1_000, (at) => ({ deviceId: `device-${page}-${at}` }))),
		says: TOO_LONG,
	},
	"endless large pages": {
		act: "devices",
		behave: answerPages((page) => [
			{ deviceId: `${page}`, tags: { x: `${page}${"x".repeat(8 * MEGABYTE)}` } },
		]),
		says: TOO_LONG,
	},
	"endless large pages of machines": {
		act: "machines",
		behave: answerLinkedPages((page) =>
			createMany(1_000, (at) => ({ id: `${page}-${at}`, serialNumber: `\u2603${page}${"x".repeat(4_000)}` })),
		),
		says: TOO_LONG,
	},
	"a page that leads to itself": {
		act: "machines",
		behave: (socket) =>
			void socket.write(
				formatHttpAnswer('{"value":[{"id":"a"}],"@odata.nextLink":"/v1.0/deviceManagement/x"}'),
			),
		says: /a page links back to itself/,
	},
	...Object.fromEntries(
		Object.entries(FLOODS).map(([name, behave]) => [
			`a flood of ${name}`,
			{ act: "devices", time: "3s", behave, says: /gave up after 3 s, .*\(timeout\)$/ } satisfies Enemy,
		]),
	),
};

async function meetEnemy({ behave, ...work }: Enemy): Promise<Outcome & Pick<RawServer, "requests">> {
	const server = await startRawServer(behave);
	try {
		const outcome = await runVictim({ ...work, origin: server.origin });
		return { ...outcome, requests: server.requests };
	} finally {
		await server.close();
	}
}

describe("a process with little memory ends with an error and does not run out of memory:", () => {
	for (const [name, enemy] of Object.entries(ENEMIES)) {
		test(name, async (t) => {
			const { message, peak } = await meetEnemy(enemy);
			t.diagnostic(`${Math.round(peak / MEGABYTE)} MB at its peak`);
			assert.match(message, enemy.says);
			assert.ok(message.length < 1_000);
			assert.deepEqual(findTextFaults(message, []), []);
			assert.ok(peak < MOST, `${peak} bytes were used`);
		});
	}
});
