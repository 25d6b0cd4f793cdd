package server

// pageRoutes are the citizens' pages.
func (s *Server) pageRoutes() {}
