/** Shows an OpenAPI document: what can be asked, with which parameters, and what comes back. */

const source = "/api/v1/openapi.json";

/** An element with properties and children; text is never read as HTML. */
function el(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return element;
}

/** The little Markdown that the document uses: paragraphs, bold and code. */
function prose(text = "") {
  return text.split("\n\n").filter(Boolean).map((paragraph) => el("p", {}, inline(paragraph)));
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((piece) => {
    if (piece.startsWith("`")) return el("code", {}, piece.slice(1, -1));
    if (piece.startsWith("**")) return el("strong", {}, piece.slice(2, -2));
    return piece;
  });
}

function resolver(api) {
  const resolve = (node) =>
    node.$ref ? resolve(node.$ref.slice(2).split("/").reduce((at, key) => at[key], api)) : node;
  return resolve;
}

/** A schema in a few words, with links to those that have a name. */
function typeOf(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return [el("a", { href: `#schema-${name}` }, name)];
  }
  if (schema.enum) return [schema.enum.join(" | ")];
  if (schema.const !== undefined) return [String(schema.const)];
  if (schema.type === "array") return ["list of ", ...typeOf(schema.items)];
  const bounds = [schema.minimum, schema.maximum].some((bound) => bound !== undefined)
    ? ` ${schema.minimum ?? ""} to ${schema.maximum ?? "…"}`
    : "";
  return [(schema.format ?? schema.type ?? "any") + bounds];
}

function row(name, type, description, byDefault) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    el(
      "td",
      {},
      el("span", { className: "type" }, type, byDefault === undefined ? "" : `, default ${byDefault}`),
      description ? el("p", {}, inline(description)) : "",
    ),
  );
}

function table(title, rows) {
  return rows.length === 0 ? [] : [el("h4", {}, title), el("table", {}, el("tbody", {}, rows))];
}

function example(value) {
  return el(
    "details",
    {},
    el("summary", {}, "Example"),
    el("pre", { tabIndex: 0 }, JSON.stringify(value, null, 2)),
  );
}

function operationCard(api, resolve, path, method, operation) {
  const parameters = (operation.parameters ?? []).map(resolve);
  const address = api.servers[0].url + path;
  const responses = Object.entries(operation.responses).map(([status, response]) => [status, resolve(response)]);
  const rowsOf = (place) =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) =>
        row(parameter.name, typeOf(parameter.schema), parameter.description, parameter.schema.default),
      );
  const media = responses.flatMap(([, response]) => Object.values(response.content ?? {}));
  return el(
    "article",
    { id: operation.operationId },
    el("h3", {}, operation.summary),
    el(
      "p",
      { className: "address" },
      el("span", { className: `method ${method}` }, method.toUpperCase()),
      address,
    ),
    prose(operation.description),
    table("In the path", rowsOf("path")),
    table("Parameters", rowsOf("query")),
    table("Header fields", rowsOf("header")),
    table(
      "Answers",
      responses.map(([status, response]) =>
        row(
          status,
          Object.entries(response.content ?? {}).flatMap(([type, content]) => [
            type === "*/*" ? "the artifact's type" : type,
            ...(content.schema.$ref ? [" ", ...typeOf(content.schema)] : []),
          ]),
          response.description === "OK" ? "" : response.description,
        ),
      ),
    ),
    media[0]?.example && responses[0][0] === "200" ? example(media[0].example) : "",
  );
}

function schemaCard(name, schema) {
  const required = new Set(schema.required);
  return el(
    "article",
    { id: `schema-${name}` },
    el("h3", {}, name),
    prose(schema.description),
    table(
      "Fields",
      Object.entries(schema.properties ?? {}).map(([field, type]) =>
        row(field, [...typeOf(type), required.has(field) ? "" : " (may be absent)"], type.description),
      ),
    ),
  );
}

function contents(title, links) {
  return [
    el("h2", {}, title),
    el("ul", {}, links.map(([id, text]) => el("li", {}, el("a", { href: `#${id}` }, text)))),
  ];
}

function show(api) {
  const resolve = resolver(api);
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const main = document.getElementById("main");
  const side = document.getElementById("contents");
  main.replaceChildren(el("h1", {}, api.info.title), ...prose(api.info.description));
  for (const { name, description } of api.tags) {
    const tagged = operations.filter(({ operation }) => operation.tags.includes(name));
    main.append(el("h2", { id: name }, name), ...prose(description));
    main.append(
      ...tagged.map(({ path, method, operation }) => operationCard(api, resolve, path, method, operation)),
    );
    side.append(...contents(name, tagged.map(({ operation }) => [operation.operationId, operation.summary])));
  }
  const schemas = Object.entries(api.components.schemas);
  main.append(el("h2", { id: "schemas" }, "Schemas"), ...schemas.map(([name, schema]) => schemaCard(name, schema)));
  side.append(...contents("Schemas", schemas.map(([name]) => [`schema-${name}`, name])));
  // What the address names was not there when the page was opened.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

try {
  const response = await fetch(source);
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  show(await response.json());
} catch (failure) {
  document.getElementById("state").textContent = `The description of the API cannot be read: ${failure.message}`;
}
