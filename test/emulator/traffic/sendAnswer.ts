import type { ServerResponse } from "node:http";
import type { Answer } from "../http/answer.ts";

/** How much of a body is sent, and under which length. */
export type Cut = "whole" | "halfUnderFullLength" | "halfUnderItsLength";

/** Writes an answer; resolves when it has left, or cannot leave any more. */
export function sendAnswer(response: ServerResponse, answer: Answer, cut: Cut = "whole"): Promise<void> {
	const body = Buffer.from(answer.body, "utf8");
	const half = body.subarray(0, Math.floor(body.length / 2));
	const sent = cut === "whole" ? body : half;
	const length = cut === "halfUnderItsLength" ? half.length : body.length;
	return new Promise((resolve) => {
		response.once("close", resolve);
		response.writeHead(answer.status, { ...answer.headers, "content-length": String(length) });
		if (cut === "halfUnderFullLength") response.write(sent, () => response.destroy());
		else response.end(sent);
	});
}
