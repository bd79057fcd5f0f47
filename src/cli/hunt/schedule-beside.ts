/**
 * The file for one of several schedules: the first has the name itself, the second `stub.plain.2.schedule`, and so on.
 * @param index counting from 0
 */
export function scheduleBeside(file: string, index: number): string {
  if (index === 0) return file;
  const [, name = file, ending = ''] = /^(.*?)(\.schedule)?$/s.exec(file) ?? [];
  return `${name}.${index + 1}${ending}`;
}
