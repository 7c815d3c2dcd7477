import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { GraphService } from "../../../provider/graph/service.ts";
import { findTextFaults } from "../../contract/harness/messages.ts";
import { catchError } from "../../contract/scene.ts";
import { type Behave, formatHttpAnswer, type RawServer, startRawServer } from "./rawServer.ts";
import { openTrustingGraph, TOKEN } from "./trustingServices.ts";

/** Starts two servers: one in place of Graph, and one that must not receive the token. */
async function withTwo(
	behave: (other: RawServer) => Behave,
	test: (at: { service: GraphService; graph: RawServer; other: RawServer }) => Promise<void>,
): Promise<void> {
	const other = await startRawServer((socket) => void socket.write(formatHttpAnswer('{"value":[]}')));
	const graph = await startRawServer(behave(other));
	const service = openTrustingGraph(graph.origin);
	try {
		await test({ service, graph, other });
		assert.equal(other.visits, 0, "the other server received a request");
	} finally {
		await Promise.all([graph.close(), other.close()]);
	}
}

const formatPage = (link: string) => formatHttpAnswer(JSON.stringify({ value: [], "@odata.nextLink": link }));

describe("a link to a next page does not send the token to", () => {
	const links: Readonly<Record<string, (other: RawServer, own: string) => string>> = {
		"another port of the same host": ({ origin }) => `${origin}/v1.0/x`,
		"another host with the own host as its user name": ({ host }, own) => `http://${own}@${host}/v1.0/x`,
		"another host behind two slashes": ({ host }) => `//${host}/v1.0/x`,
		"another host behind backslashes": ({ host }) => `\\\\${host}\\v1.0\\x`,
		"another host behind a line break": ({ host }) => `ht\ntp://${host}/v1.0/x`,
		"another scheme": ({ host }) => `https://${host}/v1.0/x`,
		"a host whose name is very long": () => `https://${"a.".repeat(40_000)}example/v1.0/x`,
		"no host at all": () => "javascript:alert(1)",
	};
	for (const [name, linkOf] of Object.entries(links)) {
		test(name, () => {
			let own = "";
			return withTwo(
				(other) => (socket) => void socket.write(formatPage(linkOf(other, own))),
				async ({ service, graph }) => {
					own = graph.host;
					const { message } = await catchError(service.functions.listMachines({}));
					assert.match(message, /^listing machines failed: Graph's link to the next page (?:leads to|is no)/);
					assert.ok(message.length < 500);
					assert.deepEqual(findTextFaults(message, [TOKEN]), []);
					assert.equal(graph.requests.length, 1);
				},
			);
		});
	}
});

test("a redirect does not send the token anywhere, whatever its status", async () => {
	for (const status of ["301 Moved Permanently", "302 Found", "303 See Other", "307 x", "308 x"]) {
		await withTwo(
			({ origin }) =>
				(socket) =>
					void socket.write(formatHttpAnswer("", `location: ${origin}/`, status)),
			async ({ service }) => {
				assert.match(
					(await catchError(service.functions.listMachines({}))).message,
					/is a redirect \(30\d\)/,
				);
			},
		);
	}
});

test("a list with endless empty pages or a circle of pages is abandoned", async () => {
	let at = 0;
	for (const next of [() => `?page=${++at}`, () => `?page=${++at % 3}`]) {
		await withTwo(
			() => (socket) => void socket.write(formatPage(`/v1.0/deviceManagement/x${next()}`)),
			async ({ service, graph }) => {
				assert.match((await catchError(service.functions.listMachines({}))).message, /the list does not end/);
				assert.ok(graph.requests.length <= 1_000);
			},
		);
	}
});

describe("a search text arrives as data", () => {
	test("an id in the path", () =>
		withTwo(
			() => (socket) => void socket.write(formatHttpAnswer("{}")),
			async ({ service, graph }) => {
				await catchError(service.functions.getMachine({ id: "../users?$filter=a#b%2e" }));
				const [{ line = "" } = {}] = graph.requests;
				assert.match(line, /windowsAutopilotDeviceIdentities\/\.\.%2Fusers%3F%24filter%3Da%23b%252e HTTP/);
				await assert.rejects(service.functions.getMachine({ id: ".." }), /cannot be used as an id in a URL/);
			},
		));

	test("a serial number in the filter, only a word of which is sent", () =>
		withTwo(
			() => (socket) => void socket.write(formatHttpAnswer('{"value":[]}')),
			async ({ service, graph }) => {
				await service.functions.listMachines({ serialNumber: "') or contains(serialNumber,'5CG&$top=1\r\n" });
				const filter = new URL(`http://x${graph.requests[0]?.line.split(" ")[1]}`).searchParams;
				assert.deepEqual([...filter], [["$filter", "contains(serialNumber,'serialNumber')"]]);
			},
		));
});
