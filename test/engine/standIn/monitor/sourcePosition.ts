import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourcePosition, StackTrace } from "@pulumi/pulumi/proto/source_pb";

/** Where in the program a registration stands, relative to the project (pkg/resource/deploy/source_eval.go). */
export function positionText(root: string, position: SourcePosition | undefined): string {
	const uri = position?.getUri() ?? "";
	if (position === undefined || !uri.startsWith("file:")) return "";
	const path = relative(root, fileURLToPath(uri)).split(sep).join("/");
	const column = position.getColumn() === 0 ? "" : `,${position.getColumn()}`;
	return `project:///${path}#${position.getLine()}${column}`;
}

/** The frames of a registration; those outside of files are left empty. */
export const stackFrames = (root: string, trace: StackTrace | undefined): { sourcePosition?: string }[] =>
	(trace?.getFramesList() ?? []).map((frame) => {
		const sourcePosition = positionText(root, frame.getPc());
		return sourcePosition === "" ? {} : { sourcePosition };
	});
